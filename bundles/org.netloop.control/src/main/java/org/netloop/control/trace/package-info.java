/** Traces of reads and swaps by JDK Flight Recorder, where this Java has it. */
@NullMarked
package org.netloop.control.trace;

import org.jspecify.annotations.NullMarked;
