/** The index format {@code netloop}; its grammar is in {@code docs/formats/netloop.md}. */
@NullMarked
package org.netloop.format.netloop;

import org.jspecify.annotations.NullMarked;
