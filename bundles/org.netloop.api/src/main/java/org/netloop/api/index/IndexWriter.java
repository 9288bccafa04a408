package org.netloop.api.index;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;

/**
 * Writes the index of one image. {@link #locate} may be called by many threads at once, all else by
 * one.
 */
@ConsumerType
public interface IndexWriter extends AutoCloseable {

    /**
     * Where a stored block of that digest belongs in the repository; the caller puts it there.
     *
     * @param digest of the stored bytes, by the algorithm of the spec
     * @param length of the stored bytes
     */
    StoredBlock locate(Digest digest, int length, String codec);

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
