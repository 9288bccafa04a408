package org.netloop.publish;

import org.netloop.api.block.Extent;
import org.netloop.api.index.IndexWriter;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Source of the plain bytes of an image, in ascending order. Used by one thread at a time. */
interface ImageSource extends Closeable {

    /** Size of a source whose length is not known before its end. */
    long UNKNOWN = -1;

    /** Returns the image's length in bytes; {@link #UNKNOWN} if only its end reveals it. */
    long size();

    /**
     * A run from {@code offset} on that is a hole throughout, or may have data throughout; as long
     * as is known, and beyond the end where that is not known.
     *
     * @param offset less than the size, where that is known
     */
    Extent extent(long offset) throws IOException, InterruptedException;

    /**
     * Reads until {@code into} is full or the image ends.
     *
     * @param offset where in the image; where the last read ended, or a hole behind it did
     * @return how many bytes were read
     */
    int read(ByteBuffer into, long offset) throws IOException, InterruptedException;

    /**
     * Finds blocks that need not be read, because the repository has them.
     *
     * @param index what the blocks are for
     */
    default KeptBlocks kept(IndexWriter index) throws InterruptedException {
        return KeptBlocks.NONE;
    }
}
