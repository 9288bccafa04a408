package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/** Direct buffers used again, by powers of two, a few of each. Thread-safe. */
final class BufferRecycler {
    private static final int KEPT_OF_A_SIZE = 8;
    private static final int SMALLEST_BITS = 12;

    /** Larger ones are rare, and not worth keeping. */
    private static final int LARGEST_KEPT_BITS = 21;

    private final ArrayBlockingQueue<ByteBuffer>[] idle;

    BufferRecycler() {
        @SuppressWarnings({"unchecked", "rawtypes"})
        ArrayBlockingQueue<ByteBuffer>[] queues = new ArrayBlockingQueue[LARGEST_KEPT_BITS + 1];
        for (int bits = SMALLEST_BITS; bits <= LARGEST_KEPT_BITS; bits++) {
            queues[bits] = new ArrayBlockingQueue<>(KEPT_OF_A_SIZE);
        }
        idle = queues;
    }

    /** A cleared buffer of at least that capacity. */
    ByteBuffer take(int capacity) {
        int bits =
                Math.max(SMALLEST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1));
        if (bits > LARGEST_KEPT_BITS) {
            return ByteBuffer.allocateDirect(capacity);
        }
        @Nullable ByteBuffer recycled = idle[bits].poll();
        return recycled == null ? ByteBuffer.allocateDirect(1 << bits) : recycled.clear();
    }

    void give(ByteBuffer buffer) {
        if (buffer.capacity() <= 1 << LARGEST_KEPT_BITS) {
            // One that finds no place is the collector's.
            var _ = idle[Integer.numberOfTrailingZeros(buffer.capacity())].offer(buffer);
        }
    }
}
