/**
 * Values that all contracts share: digests, blocks, and locations of stored blocks.
 *
 * <p>An image is a sequence of {@link org.netloop.api.block.Block}s. A block is a hole, or names a
 * {@link org.netloop.api.block.StoredBlock}: an object of the repository or a range of one, with
 * the codec that decodes it and with what vouches for its bytes. Different blocks, also of
 * different images, may name the same stored block; {@link org.netloop.api.block.Block#identity}
 * tells whether their plain bytes are the same.
 *
 * <p>Obligations: all values are immutable. Whoever makes one out of a document checks lengths and
 * paths first ({@link org.netloop.api.block.ObjectPath}), because the constructors throw unchecked
 * exceptions.
 */
@NullMarked
@Version("1.0.0")
package org.netloop.api.block;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
