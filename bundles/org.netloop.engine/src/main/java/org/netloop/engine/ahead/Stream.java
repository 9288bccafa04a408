package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A reader that may be going on from where it is. {@link #reads} is called by readers without a
 * lock: what they race for is a position, and either is right. The rest is the prefetcher's
 * thread's.
 */
final class Stream {
    /** Several requests of one reader may overtake each other by so much. */
    private static final long SLACK = 1 << 20;

    private static final int FIRST_DISTANCE = 4;

    private final long begin;
    private final int blockLength;

    /** Behind the last byte that was read. */
    private volatile long position;

    private volatile long touchedNanos;

    /** Reads from here on are worth a look at what is to be fetched. */
    private volatile long mark;

    private long frontier;

    /**
     * Grows by what was read of it, so that it doubles in each round trip that it fills, and a
     * reader who leaves has been given no more in vain than it has read.
     */
    private int distance = FIRST_DISTANCE;

    /** The ends of the blocks that were handed out and not read yet. */
    private final Deque<Long> outstanding = new ArrayDeque<>();

    Stream(Block first, int blockLength, long nanos) {
        this.begin = first.offset();
        this.blockLength = blockLength;
        this.position = first.end();
        this.frontier = first.end();
        this.touchedNanos = nanos;
    }

    /** Returns whether a read at that offset belongs to this reader. */
    boolean covers(long offset) {
        long now = position;
        return offset >= now - SLACK - blockLength && offset <= now + SLACK;
    }

    /** Notes a read that is covered; true if there may be something to do. */
    boolean reads(long end, long nanos) {
        touchedNanos = nanos;
        if (end <= position) {
            return false;
        }
        position = end;
        return end >= mark && isSequential();
    }

    /** Returns whether the stream has continued long enough to expect that it will. */
    boolean isSequential() {
        return position - begin >= 2L * blockLength + 1;
    }

    boolean isOld(long nanos, long age) {
        return nanos - touchedNanos > age;
    }

    /**
     * The next block ahead of the reader; null if it is far enough ahead.
     *
     * @param most how many stored blocks ahead are far enough at the most
     */
    @Nullable Block next(Index index, int most) throws FetchException, InterruptedException {
        if (!isSequential()) {
            return null;
        }
        long now = position;
        int before = outstanding.size();
        while (!outstanding.isEmpty() && outstanding.peek() <= now) {
            outstanding.remove();
        }
        int read = before - outstanding.size();
        distance =
                Math.clamp((long) distance + read, FIRST_DISTANCE, Math.max(FIRST_DISTANCE, most));
        frontier = Math.max(frontier, now);
        Block block = outstanding.size() >= distance ? null : nextStored(index);
        if (block != null) {
            outstanding.add(block.end());
        }
        Long nextEnd = outstanding.peek();
        boolean over = block == null && nextEnd == null;
        mark = over ? Long.MAX_VALUE : block != null ? 0 : nextEnd;
        return block;
    }

    private @Nullable Block nextStored(Index index) throws FetchException, InterruptedException {
        while (frontier < index.image().size()) {
            Extent run = index.extent(frontier);
            if (!run.hole()) {
                Block block = index.block(frontier);
                frontier = block.end();
                if (!block.isHole()) {
                    return block;
                }
            } else {
                frontier = run.end();
            }
        }
        return null;
    }
}
