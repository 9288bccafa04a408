package org.netloop.control.bundles;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Schedule for refused changes: they are tried again once the surroundings have changed since the
 * last try, and not before a pause that doubles with each failed try, because the try itself may be
 * what changes them. Used by one thread.
 */
final class Retries {
    private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofMinutes(5).toNanos();

    private final LongSupplier clock;
    private Object before = new Object();
    private long pause = SHORTEST;
    private long last;

    /**
     * @param clock in nanoseconds, as {@link System#nanoTime}
     */
    Retries(LongSupplier clock) {
        this.clock = clock;
        this.last = clock.getAsLong();
    }

    /** Records a success: pauses are short again. */
    void begin() {
        pause = SHORTEST;
    }

    /** Everything was tried, and these are the surroundings that came of it. */
    void tried(Object surroundings) {
        before = surroundings;
        last = clock.getAsLong();
    }

    /** Returns whether to try again now; each yes makes the next pause longer. */
    boolean isDue(Object surroundings) {
        if (Objects.equals(before, surroundings) || clock.getAsLong() - last < pause) {
            return false;
        }
        pause = Math.min(LONGEST, 2 * pause);
        return true;
    }
}
