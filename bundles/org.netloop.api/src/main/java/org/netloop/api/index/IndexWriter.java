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
     * Returns the path where a stored block with that digest belongs in the repository; the caller
     * puts it there.
     *
     * @param digest of the stored bytes, or of the plain ones of a {@linkplain #takesChunks chunk};
     *     by the algorithm of the spec
     * @param length number of bytes that the digest covers
     */
    StoredBlock locate(Digest digest, int length, String codec);

    /**
     * Returns whether the stored blocks are chunks, named by the digest of their plain bytes
     * ({@link StoredBlock#chunk}): each is then encoded, even if that saves nothing, and a chunk of
     * zeros is a chunk like any other.
     */
    default boolean takesChunks() {
        return false;
    }

    /**
     * Returns whether the stored blocks are part of the written file (an image that is one file):
     * they are then passed to {@link #append(Block, ByteBuffer)} in order, and the caller puts none
     * of them.
     */
    default boolean holdsBlocks() {
        return false;
    }

    /**
     * Appends a block that is not a hole, with its stored bytes, if this writer {@linkplain
     * #holdsBlocks holds blocks}; otherwise like {@link #append(Block)}.
     *
     * @param stored the stored bytes; not used after the call
     */
    default void append(Block block, ByteBuffer stored) throws IOException {
        throw new UnsupportedOperationException("the repository holds the blocks");
    }

    /**
     * Prepares for deltas against an image of the same repository. Called once, before the first
     * block is appended.
     *
     * @param base the image whose blocks the deltas will refer to
     * @return false if this format stores no deltas, which is the default: then none may be
     *     appended
     */
    default boolean takesDeltas(Digest base) {
        return false;
    }

    /**
     * Appends a block like {@link #append(Block)}, and its delta, which this writer puts into the
     * repository.
     */
    default void append(Block block, Delta.Made delta) throws IOException {
        throw new UnsupportedOperationException("the format stores no deltas");
    }

    /** Appends a block. Blocks come in ascending order and without a gap. Memory stays bounded. */
    void append(Block block) throws IOException;

    /**
     * Writes the rest, and the root of the index last: every object it names is durable by then.
     * May take as long as the repository needs to make all blocks durable.
     *
     * @param size the image's length in bytes: the end of the last block
     */
    ImageInfo finish(long size) throws IOException;

    /** Gives up if {@link #finish} was not called; no image is then left behind. */
    @Override
    void close() throws IOException;
}
