package org.netloop.engine.read;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A part of the heap that rebuilding may take, by all volumes together. Who waits is served in
 * order of arrival, and none longer than it says: a codec that hangs keeps what it has.
 * Thread-safe.
 */
final class RebuildMemory {
    private static final int UNIT = 1 << 10;

    private final int units;
    private final Semaphore free;

    /**
     * @param budget how many bytes may be in use at a time
     */
    RebuildMemory(long budget) {
        units = Math.toIntExact(budget / UNIT);
        free = new Semaphore(units, true);
    }

    /** Returns whether so many bytes can be had at all. */
    boolean holds(long bytes) {
        return bytes <= (long) units * UNIT;
    }

    private static int units(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, UNIT));
    }

    /**
     * Takes so many bytes, which are given back by {@link #giveBack}; false if they were not free
     * in time.
     */
    boolean tryTake(long bytes, Duration most) throws InterruptedException {
        return holds(bytes) && free.tryAcquire(units(bytes), most.toNanos(), TimeUnit.NANOSECONDS);
    }

    void giveBack(long bytes) {
        free.release(units(bytes));
    }
}
