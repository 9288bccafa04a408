/** The codec {@code zstd}. */
@NullMarked
package org.netloop.codec.zstd;

import org.jspecify.annotations.NullMarked;
