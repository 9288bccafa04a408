/** Metrics and health over HTTP, by the JDK's own server. */
@NullMarked
package org.netloop.console;

import org.jspecify.annotations.NullMarked;
