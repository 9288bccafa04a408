/** Starts Felix from chosen features and hands over the command line. Knows all, known by none. */
@NullMarked
package org.netloop.launcher;

import org.jspecify.annotations.NullMarked;
