package org.netloop.engine.read;

import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Direct buffers for blocks under way, used again and again, and bounded in bytes all together:
 * whoever comes when they are used up waits, in order of arrival. Thread-safe.
 */
public final class BufferPool {
    private static final int SMALLEST = 4 << 10;
    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore free;

    /** Idle buffers by the binary logarithm of their size. */
    private final Deque<ByteBuffer>[] idle;

    /**
     * @param budget how many bytes may be in use at a time
     */
    public BufferPool(long budget) {
        units = Math.toIntExact(Math.max(1, budget / UNIT));
        free = new Semaphore(units, true);
        @SuppressWarnings({"unchecked", "rawtypes"})
        Deque<ByteBuffer>[] deques = new Deque[Integer.SIZE];
        for (int i = 0; i < deques.length; i++) {
            deques[i] = new ConcurrentLinkedDeque<>();
        }
        idle = deques;
    }

    /**
     * Buffers that are taken, and given back, together: nobody waits for one while holding another.
     */
    public final class Pair implements AutoCloseable {
        private final ByteBuffer first;
        private final ByteBuffer second;
        private final int taken;

        private Pair(ByteBuffer first, ByteBuffer second, int taken) {
            this.first = first;
            this.second = second;
            this.taken = taken;
        }

        /** The first buffer, cleared. */
        public ByteBuffer first() {
            return first;
        }

        /** The second buffer, cleared. */
        public ByteBuffer second() {
            return second;
        }

        /** Gives both back; they must not be touched afterwards. Called once. */
        @Override
        public void close() {
            recycle(first);
            recycle(second);
            free.release(taken);
        }
    }

    /** Waits for room, then gives two buffers of at least those capacities. */
    public Pair take(int first, int second) throws InterruptedException {
        int wanted = Math.min(units, (rounded(first) + rounded(second)) / UNIT);
        free.acquire(wanted);
        return new Pair(buffer(first), buffer(second), wanted);
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
