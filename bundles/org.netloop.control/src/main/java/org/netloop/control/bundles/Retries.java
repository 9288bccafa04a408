package org.netloop.control.bundles;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * When what was refused is tried again: once the surroundings are others than when it was tried
 * last, and not sooner than a pause that doubles with each try in vain, as the try itself may be
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

    /** Something succeeded: pauses are short again. */
    void begin() {
        pause = SHORTEST;
    }

    /** Everything was tried, and these are the surroundings that came of it. */
    void tried(Object surroundings) {
        before = surroundings;
        last = clock.getAsLong();
    }

    /** Whether to try again now; each yes makes the next pause longer. */
    boolean isDue(Object surroundings) {
        if (Objects.equals(before, surroundings) || clock.getAsLong() - last < pause) {
            return false;
        }
        pause = Math.min(LONGEST, 2 * pause);
        return true;
    }
}
