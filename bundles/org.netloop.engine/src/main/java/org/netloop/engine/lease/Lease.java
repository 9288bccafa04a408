package org.netloop.engine.lease;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a backend close only after the last operation inside it has left, and tells whether some
 * have been inside for long: those of this period and those of earlier ones are counted apart, and
 * a new period begins only when none of the earlier ones is left.
 */
final class Lease {
    private static final long RETIRED = Long.MIN_VALUE;

    /** Flag that selects which of the two counts is this period's. */
    private static final long ODD = 1L << 62;

    private static final int COUNT_BITS = 31;
    private static final long COUNT = (1L << COUNT_BITS) - 1;

    /** The two counts; negative once it is retired, and then no new one may enter. */
    private final AtomicLong state = new AtomicLong();

    private final CountDownLatch empty = new CountDownLatch(1);

    /** Enters, and returns the ticket for {@link #leave}; 0 if nothing may enter any more. */
    long enter() {
        for (; ; ) {
            long now = state.get();
            if (now < 0) {
                return 0;
            }
            long one = (now & ODD) == 0 ? 1L : 1L << COUNT_BITS;
            if (state.compareAndSet(now, now + one)) {
                return one;
            }
        }
    }

    void leave(long entered) {
        if ((state.addAndGet(-entered) & ~ODD) == RETIRED) {
            empty.countDown();
        }
    }

    /** Returns the number of operations inside. */
    int inside() {
        long now = state.get();
        return (int) ((now & COUNT) + (now >> COUNT_BITS & COUNT));
    }

    /** Begins a new period, unless some of an earlier one are inside: so many are returned. */
    int turn() {
        for (; ; ) {
            long now = state.get();
            long earlier = ((now & ODD) == 0 ? now >> COUNT_BITS : now) & COUNT;
            if (earlier != 0 || state.compareAndSet(now, now ^ ODD)) {
                return (int) earlier;
            }
        }
    }

    /**
     * Closes the door, then waits for those inside. False if some were still there after the grace.
     */
    boolean retire(Duration grace) throws InterruptedException {
        if ((state.getAndUpdate(s -> s | RETIRED) & ~ODD) == 0) {
            empty.countDown();
        }
        return empty.await(grace.toNanos(), NANOSECONDS);
    }
}
