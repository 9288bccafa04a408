package org.netloop.engine.lease;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a backend close only after the last operation inside it has left. */
final class Lease {
    private static final int RETIRED = Integer.MIN_VALUE;

    /** Operations now inside; negative once it is retired, and then no new one may enter. */
    private final AtomicInteger state = new AtomicInteger();

    private final CountDownLatch empty = new CountDownLatch(1);

    boolean enter() {
        for (; ; ) {
            int now = state.get();
            if (now < 0) {
                return false;
            }
            if (state.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    void leave() {
        if (state.decrementAndGet() == RETIRED) {
            empty.countDown();
        }
    }

    /** How many operations are inside. */
    int inside() {
        return state.get() & ~RETIRED;
    }

    /**
     * Closes the door, then waits for those inside. False if some were still there after the grace.
     */
    boolean retire(Duration grace) throws InterruptedException {
        if (state.getAndUpdate(s -> s | RETIRED) == 0) {
            empty.countDown();
        }
        return empty.await(grace.toNanos(), NANOSECONDS);
    }
}
