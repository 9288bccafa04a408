package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.Delta;
import org.netloop.api.transport.FetchException;

import java.time.Duration;

/** Look-up of the deltas of one image. Thread-safe. */
public interface DeltaLookup {
    /**
     * Returns the delta of the block at an offset; null if it has none.
     *
     * @param most longest time that its part of the table may take
     * @throws FetchException if that cannot be had, or not in time
     */
    @Nullable Delta delta(long offset, Duration most) throws FetchException, InterruptedException;

    /**
     * Returns the delta by which an earlier image got a block; null if there is none.
     *
     * @param block digest of the plain bytes of the block, or of its stored ones
     * @param images how many of the image's bases are searched, nearest first
     * @param most longest time that reading their tables may take
     * @throws FetchException if they cannot be had, or not in time
     */
    @Nullable Delta earlierDelta(Digest block, int images, Duration most)
            throws FetchException, InterruptedException;
}
