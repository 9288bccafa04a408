/** The index format {@code idx}: {@code index.idx} beside block files in one directory. */
@NullMarked
package org.netloop.format.idx;

import org.jspecify.annotations.NullMarked;
