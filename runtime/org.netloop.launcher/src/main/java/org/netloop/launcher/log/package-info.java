/** Where all log lines of the process go: standard error, made printable and bounded. */
@NullMarked
package org.netloop.launcher.log;

import org.jspecify.annotations.NullMarked;
