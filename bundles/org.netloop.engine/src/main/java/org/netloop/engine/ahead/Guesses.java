package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Blocks around one that nothing predicted: file systems place related data together. The newest
 * guess comes first, and old ones are forgotten. Thread-safe.
 */
final class Guesses implements Source {
    /** More than this round a block were of no use when a boot was replayed. */
    private static final int FARTHEST = 32;

    private static final int MOST = 2 * FARTHEST;

    /** A mirror so near, or not measured yet, is asked when there is something to ask for. */
    private static final double NEAR_NANOS = 2e6;

    private final Index index;
    private final Pace pace;
    private final Deque<Long> offsets = new ArrayDeque<>();

    Guesses(Index index, Pace pace) {
        this.index = index;
        this.pace = pace;
    }

    /** A block was missed: about as much as the link carries in a round trip is guessed. */
    void around(Block block) {
        double shortest = pace.shortestNanos();
        if (shortest < NEAR_NANOS) {
            return;
        }
        int ahead = Math.min(FARTHEST, pace.window());
        synchronized (this) {
            for (int i = ahead; i >= 1; i--) {
                if (i <= ahead / 2) {
                    push(block.offset() - (long) i * block.length());
                }
                push(block.offset() + (long) i * block.length());
            }
            while (offsets.size() > MOST) {
                offsets.removeLast();
            }
        }
    }

    private void push(long offset) {
        if (offset >= 0 && offset < index.image().size()) {
            offsets.push(offset);
        }
    }

    private synchronized @Nullable Long poll() {
        return offsets.poll();
    }

    @Override
    public @Nullable Block next() throws FetchException, InterruptedException {
        for (Long offset = poll(); offset != null; offset = poll()) {
            Block block = index.block(offset);
            if (!block.isHole()) {
                return block;
            }
        }
        return null;
    }
}
