package org.netloop.cache.disk;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Native buffers used again, by powers of two; 8 MiB of them are kept. What is not kept is freed at
 * once, as the collector does not know how much memory a buffer holds. Thread-safe.
 */
final class BufferRecycler implements AutoCloseable {
    private static final int SMALLEST_BITS = 12;
    private static final int MOST_KEPT = 8 << 20;

    // All guarded by the monitor.
    private final List<Deque<Buffer>> idle = new ArrayList<>();
    private int kept;
    private boolean closed;

    /** A buffer and the memory it is of. */
    record Buffer(Arena arena, ByteBuffer bytes) {
        /** Allocates a buffer with an arena of its own, which is closed when it is not kept. */
        @SuppressWarnings("MustBeClosedChecker")
        private static Buffer of(int capacity) {
            Arena arena = Arena.ofShared();
            return new Buffer(arena, arena.allocate(capacity, Long.BYTES).asByteBuffer());
        }
    }

    BufferRecycler() {
        for (int bits = 0; bits < Integer.SIZE; bits++) {
            idle.add(new ArrayDeque<>());
        }
    }

    /** A cleared buffer of at least that capacity. */
    Buffer take(int capacity) {
        if (capacity > MOST_KEPT) {
            return Buffer.of(capacity);
        }
        int bits =
                Math.max(SMALLEST_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(capacity - 1));
        synchronized (this) {
            Buffer recycled = idle.get(bits).poll();
            if (recycled != null) {
                kept -= recycled.bytes().capacity();
                recycled.bytes().clear();
                return recycled;
            }
        }
        return Buffer.of(1 << bits);
    }

    /** Takes a buffer back that nobody uses any more. */
    void give(Buffer buffer) {
        int capacity = buffer.bytes().capacity();
        synchronized (this) {
            if (!closed && kept + capacity <= MOST_KEPT) {
                kept += capacity;
                idle.get(Integer.numberOfTrailingZeros(capacity)).push(buffer);
                return;
            }
        }
        buffer.arena().close();
    }

    /** Frees what is kept, and later what is given back. */
    @Override
    public synchronized void close() {
        closed = true;
        kept = 0;
        for (Deque<Buffer> some : idle) {
            some.forEach(buffer -> buffer.arena().close());
            some.clear();
        }
    }
}
