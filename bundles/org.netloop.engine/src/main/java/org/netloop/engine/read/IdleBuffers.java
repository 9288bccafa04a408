package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Direct buffers that are used again and again. Those that lie idle give their memory back to the
 * system, at once, when buffers of another size are wanted and the budget is used up. Thread-safe.
 */
final class IdleBuffers {
    private static final int SMALLEST = 4 << 10;

    /** Highest power of two that is a capacity. */
    private static final int LARGEST = 1 << 30;

    /** A buffer and the memory it is of. */
    record Buffer(Arena arena, ByteBuffer bytes) {
        /** Allocates a buffer with an arena of its own, which is closed when the pool drops it. */
        @SuppressWarnings("MustBeClosedChecker")
        private static Buffer of(int capacity) {
            Arena arena = Arena.ofShared();
            return new Buffer(arena, arena.allocate(capacity, Long.BYTES).asByteBuffer());
        }
    }

    private long budget;

    /** Idle buffers by the binary logarithm of their size. */
    private final Deque<Buffer>[] idle;

    /** Bytes in use or idle. */
    private long allocated;

    /**
     * @param budget above so many bytes, nothing is kept idle that could be given back
     */
    IdleBuffers(long budget) {
        this.budget = budget;
        @SuppressWarnings({"unchecked", "rawtypes"})
        Deque<Buffer>[] deques = new Deque[Integer.SIZE];
        for (int i = 0; i < deques.length; i++) {
            deques[i] = new ArrayDeque<>();
        }
        idle = deques;
    }

    /**
     * The capacity that is taken for one of at least so many bytes.
     *
     * @throws IllegalArgumentException if none is that large
     */
    static int rounded(int capacity) {
        if (capacity > LARGEST) {
            throw new IllegalArgumentException(
                    "a buffer of " + capacity + " bytes, of which there are at most " + LARGEST);
        }
        int least = Math.max(SMALLEST, capacity);
        int power = Integer.highestOneBit(least);
        return power == least ? power : power << 1;
    }

    private Deque<Buffer> like(int size) {
        return idle[Integer.numberOfTrailingZeros(size)];
    }

    /** A cleared buffer of at least that capacity; what it holds is undefined. */
    synchronized Buffer take(int capacity) {
        int size = rounded(capacity);
        Buffer recycled = like(size).poll();
        if (recycled != null) {
            recycled.bytes().clear();
            return recycled;
        }
        trim(size);
        Buffer fresh = Buffer.of(size);
        allocated += size;
        return fresh;
    }

    private void trim(int wanted) {
        for (int i = 0; i < idle.length && allocated + wanted > budget; i++) {
            @Nullable Buffer spare = idle[i].poll();
            while (spare != null) {
                drop(spare);
                spare = allocated + wanted > budget ? idle[i].poll() : null;
            }
        }
    }

    /** Takes back one that nobody uses any more. */
    synchronized void recycle(Buffer buffer) {
        if (allocated > budget) {
            drop(buffer);
        } else {
            like(buffer.bytes().capacity()).push(buffer);
        }
    }

    /** Gives back the memory of one that nobody uses any more. */
    synchronized void drop(Buffer buffer) {
        allocated -= buffer.bytes().capacity();
        buffer.arena().close();
    }

    /** Returns the bytes in use or idle. */
    synchronized long allocated() {
        return allocated;
    }

    /** Gives back all that lies idle. */
    synchronized void clear() {
        for (Deque<Buffer> deque : idle) {
            while (deque.poll() instanceof Buffer buffer) {
                drop(buffer);
            }
        }
    }

    /** Gives back all that lies idle, and from now on each one as it comes back. */
    synchronized void close() {
        budget = 0;
        clear();
    }
}
