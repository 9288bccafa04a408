package org.netloop.api.index;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes the index of one image. {@link #locate} may be called by many threads at once, all else by
 * one.
 */
@ConsumerType
public interface IndexWriter extends AutoCloseable {

    /**
     * Where a stored block of that digest belongs in the repository; the caller puts it there.
     *
     * @param digest of the stored bytes, or of the plain ones of a {@linkplain #takesChunks chunk};
     *     by the algorithm of the spec
     * @param length of the bytes that the digest is of
     */
    StoredBlock locate(Digest digest, int length, String codec);

    /**
     * Whether the stored blocks are chunks, named by the digest of their plain bytes ({@link
     * StoredBlock#chunk}): each is encoded then, also where that saves nothing, and one of zeros is
     * a chunk as any other.
     */
    default boolean takesChunks() {
        return false;
    }

    /**
     * Whether the stored blocks are a part of what it writes (an image that is one file): they are
     * then given to {@link #append(Block, ByteBuffer)} in their order, and nobody else puts them.
     */
    default boolean holdsBlocks() {
        return false;
    }

    /**
     * Appends a block that is no hole, with its stored bytes, if it {@linkplain #holdsBlocks holds
     * blocks}. As for {@link #append(Block)}, else.
     *
     * @param stored the stored bytes; not used after the call
     */
    default void append(Block block, ByteBuffer stored) throws IOException {
        throw new UnsupportedOperationException("the repository holds the blocks");
    }

    /** Appends a block. Blocks come in ascending order and without a gap. Memory stays bounded. */
    void append(Block block) throws IOException;

    /**
     * Writes what is left, and the root of the index last: nothing names an object that is not
     * durable by then. May take as long as the repository needs to make all blocks durable.
     *
     * @param size the image's length in bytes: the end of the last block
     */
    ImageInfo finish(long size) throws IOException;

    /** Gives up if {@link #finish} was not called; no image is then left behind. */
    @Override
    void close() throws IOException;
}
