package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Direct buffers for blocks under way, used again and again, and bounded in bytes all together:
 * whoever comes when they are used up waits, in order of arrival. Thread-safe.
 *
 * <p>Buffers that do not come back, as a backend hangs with them, may be written off: others get
 * fresh ones in their place, as long as what is written off is no more than the budget. Nobody gets
 * the same ones before whoever has them is done.
 */
public final class BufferPool {
    private static final int SMALLEST = 4 << 10;
    private static final int UNIT = 1 << 10;

    /** What one user of several may take at a time, out of so many parts. */
    private static final int SHARE = 3;

    private static final int PARTS = 4;

    private final int units;
    private final Semaphore free;

    /** What may be in use for what nobody waits for: the rest is for those who do. */
    private final Semaphore early;

    /** Units that may yet be written off. */
    private final Semaphore spare;

    /** Idle buffers by the binary logarithm of their size. */
    private final Deque<ByteBuffer>[] idle;

    /**
     * @param budget how many bytes may be in use at a time
     */
    public BufferPool(long budget) {
        units = Math.toIntExact(Math.max(1, budget / UNIT));
        free = new Semaphore(units, true);
        early = new Semaphore(units / 2);
        spare = new Semaphore(units);
        @SuppressWarnings({"unchecked", "rawtypes"})
        Deque<ByteBuffer>[] deques = new Deque[Integer.SIZE];
        for (int i = 0; i < deques.length; i++) {
            deques[i] = new ConcurrentLinkedDeque<>();
        }
        idle = deques;
    }

    /** For one user: it takes no more than a part of all, and leaves some to the others. */
    public Share share() {
        return new Share();
    }

    /** What one user takes of the pool. Thread-safe. */
    public final class Share {
        private final int most = Math.max(1, units * SHARE / PARTS);
        private final Semaphore own = new Semaphore(most, true);

        private Share() {}

        private int own(int units) {
            return Math.min(most, units);
        }

        /** Waits for room, then gives two buffers of at least those capacities. */
        public Pair take(int first, int second) throws InterruptedException {
            int ofAll = wanted(first, second);
            own.acquire(own(ofAll));
            boolean taken = false;
            try {
                free.acquire(ofAll);
                taken = true;
            } finally {
                if (!taken) {
                    own.release(own(ofAll));
                }
            }
            return new Pair(buffer(first), buffer(second), this, ofAll, 0);
        }

        /** As {@link #take}, out of half of the room and without waiting; null if it is used up. */
        @Nullable Pair tryTakeEarly(int first, int second) {
            int ofAll = wanted(first, second);
            if (!early.tryAcquire(ofAll)) {
                return null;
            }
            if (!own.tryAcquire(own(ofAll))) {
                early.release(ofAll);
                return null;
            }
            if (!free.tryAcquire(ofAll)) {
                own.release(own(ofAll));
                early.release(ofAll);
                return null;
            }
            return new Pair(buffer(first), buffer(second), this, ofAll, ofAll);
        }
    }

    private int wanted(int first, int second) {
        return Math.min(units, (rounded(first) + rounded(second)) / UNIT);
    }

    /**
     * Buffers that are taken, and given back, together: nobody waits for one while holding another.
     */
    public final class Pair implements AutoCloseable {
        private final ByteBuffer first;
        private final ByteBuffer second;
        private final Semaphore own;
        private final int ofOwn;
        private final int ofAll;
        private final int ofEarly;
        private boolean writtenOff;
        private boolean closed;

        private Pair(ByteBuffer first, ByteBuffer second, Share share, int ofAll, int ofEarly) {
            this.first = first;
            this.second = second;
            this.own = share.own;
            this.ofOwn = share.own(ofAll);
            this.ofAll = ofAll;
            this.ofEarly = ofEarly;
        }

        /** The first buffer, cleared. */
        public ByteBuffer first() {
            return first;
        }

        /** The second buffer, cleared. */
        public ByteBuffer second() {
            return second;
        }

        /**
         * Lets others have fresh buffers in their place, which are not expected back soon; does
         * nothing if too many were written off. May be called by another thread.
         */
        public synchronized void writeOff() {
            if (!closed && !writtenOff && spare.tryAcquire(ofAll)) {
                writtenOff = true;
                release();
            }
        }

        private void release() {
            free.release(ofAll);
            own.release(ofOwn);
            early.release(ofEarly);
        }

        /** Gives both back; they must not be touched afterwards. Called once. */
        @Override
        public synchronized void close() {
            closed = true;
            if (writtenOff) {
                spare.release(ofAll);
            } else {
                recycle(first);
                recycle(second);
                release();
            }
        }
    }

    private ByteBuffer buffer(int capacity) {
        int size = rounded(capacity);
        ByteBuffer recycled = idle[Integer.numberOfTrailingZeros(size)].poll();
        return recycled == null ? ByteBuffer.allocateDirect(size) : recycled.clear();
    }

    private void recycle(ByteBuffer buffer) {
        idle[Integer.numberOfTrailingZeros(buffer.capacity())].push(buffer);
    }

    private static int rounded(int capacity) {
        int least = Math.max(SMALLEST, capacity);
        int power = Integer.highestOneBit(least);
        return power == least ? power : power << 1;
    }
}
