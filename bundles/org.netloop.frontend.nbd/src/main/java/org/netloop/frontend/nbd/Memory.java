package org.netloop.frontend.nbd;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Direct buffers for requests that wait for their blocks, over all connections of the frontend;
 * whoever comes when they are used up waits. Thread-safe.
 */
final class Memory {
    /** The size most buffers have: a block, or a large read of the kernel's client. */
    private static final int USUAL = 1 << 20;

    private static final int UNIT = 4 << 10;

    private final int units;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();

    Memory(long budget) {
        units = Math.toIntExact(Math.max(1, budget / UNIT));
        free = new Semaphore(units, true);
    }

    /** A cleared buffer of at least that capacity. */
    ByteBuffer take(int capacity) throws InterruptedException {
        int size = Math.max(USUAL, capacity);
        free.acquire(cost(size));
        ByteBuffer recycled = size == USUAL ? idle.poll() : null;
        return recycled == null ? ByteBuffer.allocateDirect(size) : recycled.clear();
    }

    void give(ByteBuffer buffer) {
        if (buffer.capacity() == USUAL) {
            idle.push(buffer);
        }
        free.release(cost(buffer.capacity()));
    }

    private int cost(int size) {
        return Math.min(units, (size + UNIT - 1) / UNIT);
    }
}
