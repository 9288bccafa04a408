package org.netloop.frontend.nbd;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Native memory in buffers of a few sizes, used again and again. What is in use and what is idle
 * are no more than the budget together, as long as what is in use is: an idle buffer is freed at
 * once where a buffer of another size needs its room. Nothing is left to the collector.
 * Thread-safe.
 */
final class Buffers {
    /** Room for the head of a reply, and for a hole beside its data, in bytes. */
    static final int HEAD = 96;

    private static final int SMALLEST = 4 << 10;

    /** The most data that one buffer has room for, in bytes. */
    static final int LARGEST = 1 << 20;

    private static final int KINDS = 32 - Integer.numberOfLeadingZeros(LARGEST / SMALLEST);

    private final long budget;
    private final List<Deque<Buffer>> idle =
            IntStream.range(0, KINDS).<Deque<Buffer>>mapToObj(_ -> new ArrayDeque<>()).toList();

    /** Allocated memory in bytes, in use and idle. */
    private long allocated;

    /** A piece of memory that is taken and given back. */
    record Buffer(ByteBuffer bytes, Arena arena, int kind) {}

    /**
     * @param budget in bytes; whoever takes buffers keeps what is in use below it
     */
    Buffers(long budget) {
        this.budget = budget;
    }

    /** Returns the cost in bytes of a buffer that holds a head and {@code length} bytes of data. */
    static int cost(int length) {
        return (SMALLEST << kind(length)) + HEAD;
    }

    private static int kind(int length) {
        if (length > LARGEST) {
            throw new IllegalArgumentException("a buffer for " + length + " bytes");
        }
        return length <= SMALLEST ? 0 : 32 - Integer.numberOfLeadingZeros((length - 1) / SMALLEST);
    }

    /** A cleared buffer for a head and so many bytes of data. */
    synchronized Buffer take(int length) {
        int kind = kind(length);
        Buffer recycled = idle.get(kind).poll();
        if (recycled != null) {
            recycled.bytes().clear();
            return recycled;
        }
        int cost = cost(length);
        free(allocated + cost - budget);
        Buffer fresh = allocate(cost, kind);
        allocated += cost;
        return fresh;
    }

    /** Allocates a buffer with an arena of its own, which is closed when its room is needed. */
    @SuppressWarnings("MustBeClosed")
    private static Buffer allocate(int cost, int kind) {
        Arena arena = Arena.ofShared();
        return new Buffer(arena.allocate(cost).asByteBuffer(), arena, kind);
    }

    /** Frees idle buffers, large ones first, until that many bytes are free. */
    private void free(long wanted) {
        long left = wanted;
        for (int kind = KINDS - 1; kind >= 0 && left > 0; kind--) {
            for (Buffer one = idle.get(kind).poll();
                    one != null;
                    one = left > 0 ? idle.get(kind).poll() : null) {
                one.arena().close();
                allocated -= one.bytes().capacity();
                left -= one.bytes().capacity();
            }
        }
    }

    /** Takes one back; it must not be touched afterwards. */
    synchronized void give(Buffer buffer) {
        idle.get(buffer.kind()).push(buffer);
    }

    /** Frees all that is idle. */
    synchronized void trim() {
        free(Long.MAX_VALUE);
    }

    /** Returns the allocated memory in bytes, in use and idle. */
    synchronized long allocated() {
        return allocated;
    }
}
