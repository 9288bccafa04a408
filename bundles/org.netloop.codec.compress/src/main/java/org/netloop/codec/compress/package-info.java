/** Codecs by Apache Commons Compress. */
@NullMarked
package org.netloop.codec.compress;

import org.jspecify.annotations.NullMarked;
