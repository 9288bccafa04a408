package org.netloop.itest;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, up to a deadline. */
final class Await {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private Await() {}

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    static void until(String what, Duration within, Condition condition) throws IOException {
        long end = System.nanoTime() + within.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + within.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
