/**
 * The codec contract: encoding and decoding of one block.
 *
 * <p>A codec is registered as an OSGi service of type {@link org.netloop.api.codec.Codec}. The
 * registry decides which codecs there are; nothing lists them.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
