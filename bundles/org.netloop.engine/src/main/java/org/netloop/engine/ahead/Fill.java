package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

/**
 * All blocks of an image from the first to the last, no faster than allowed. Used by one thread;
 * looked at by others.
 */
final class Fill implements Source {
    private final Index index;
    private final long bytesPerSecond;
    private volatile long at;
    private long nextNanos = System.nanoTime();

    /**
     * @param bytesPerSecond of stored bytes; 0 if nothing is filled in
     */
    Fill(Index index, long bytesPerSecond) {
        this.index = index;
        this.bytesPerSecond = bytesPerSecond;
        this.at = bytesPerSecond > 0 ? 0 : index.image().size();
    }

    /** Returns the time until the next block may be fetched, in ns; not positive if now. */
    long pauseNanos() {
        return nextNanos - System.nanoTime();
    }

    boolean isOver() {
        return at >= index.image().size();
    }

    /** The share of the image that was dealt with, 0 to 1. */
    double share() {
        return bytesPerSecond == 0 ? 0 : (double) at / Math.max(1, index.image().size());
    }

    /** A block was not fetched, as it already exists: it cost nothing. */
    void wasThere() {
        nextNanos = System.nanoTime();
    }

    @Override
    public @Nullable Block next() throws FetchException, InterruptedException {
        if (pauseNanos() > 0) {
            return null;
        }
        while (!isOver()) {
            Extent run = index.extent(at);
            if (run.hole()) {
                at = run.end();
                continue;
            }
            Block block = index.block(at);
            at = block.end();
            if (block.storedOrNull() != null) {
                long takes = block.storedOrNull().length() * 1_000_000_000L / bytesPerSecond;
                nextNanos = System.nanoTime() + takes;
                return block;
            }
        }
        return null;
    }
}
