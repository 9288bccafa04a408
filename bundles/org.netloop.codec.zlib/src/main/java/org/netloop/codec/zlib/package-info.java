/** The codec {@code zlib}. */
@NullMarked
package org.netloop.codec.zlib;

import org.jspecify.annotations.NullMarked;
