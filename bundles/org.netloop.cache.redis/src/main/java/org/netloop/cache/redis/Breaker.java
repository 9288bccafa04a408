package org.netloop.cache.redis;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Score of how well the server does. It trips after three failures in a row, or when about one call
 * of five fails; and after a dozen wrong values in a row. Thread-safe.
 */
final class Breaker {
    private static final int FAILURE = 4;
    private static final int WRONG = 2;
    private static final int LIMIT = 3 * FAILURE;

    /** Sum of what went wrong lately: 0 if nothing did; trips at {@value #LIMIT}. */
    private final AtomicInteger level = new AtomicInteger();

    /** Counts a call that had an answer in time. */
    void succeeded() {
        if (level.get() > 0) {
            level.updateAndGet(now -> Math.max(0, now - 1));
        }
    }

    /** Counts a call that had none; true if that was one too many. */
    boolean failed() {
        return tripsAfter(FAILURE);
    }

    /** Counts a value that proved wrong, whose call counted as a success; true as above. */
    boolean lied() {
        return tripsAfter(WRONG);
    }

    private boolean tripsAfter(int weight) {
        return level.addAndGet(weight) >= LIMIT;
    }

    /** Begins anew. */
    void reset() {
        level.set(0);
    }
}
