/** Log output of the process: standard error, made printable and bounded. */
@NullMarked
package org.netloop.launcher.log;

import org.jspecify.annotations.NullMarked;
