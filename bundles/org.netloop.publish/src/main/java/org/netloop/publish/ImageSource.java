package org.netloop.publish;

import org.netloop.api.block.Extent;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where the plain bytes of an image come from, in ascending order. Used by one thread at a time.
 */
interface ImageSource extends Closeable {

    /** As a size: not known before the end. */
    long UNKNOWN = -1;

    /** How many bytes the image has; {@link #UNKNOWN} if only its end will tell. */
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
}
