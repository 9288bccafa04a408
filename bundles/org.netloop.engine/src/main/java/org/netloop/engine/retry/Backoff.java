package org.netloop.engine.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses that double with each failure in a row, up to a longest one. Immutable.
 *
 * @param first the pause after the first failure; positive
 * @param longest the longest pause; at least {@code first}
 */
public record Backoff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 16;

    /** Checks the order of both. */
    public Backoff {
        if (!first.isPositive() || first.compareTo(longest) > 0) {
            throw new IllegalArgumentException("pauses from " + first + " to " + longest);
        }
    }

    static Backoff ofMillis(long first, long longest) {
        return new Backoff(Duration.ofMillis(first), Duration.ofMillis(longest));
    }

    /**
     * The pause in milliseconds.
     *
     * @param before how many failures in a row there were before this one, from 0
     */
    public long millis(int before) {
        return Math.min(
                longest.toMillis(), first.toMillis() << Math.clamp(before, 0, MOST_DOUBLINGS));
    }

    /** Returns {@link #millis} in nanoseconds. */
    public long nanos(int before) {
        return Duration.ofMillis(millis(before)).toNanos();
    }

    /** Returns a random pause from half of {@link #millis} to all of it, to spread clients. */
    public long scatteredMillis(int before) {
        long half = millis(before) / 2;
        return half + ThreadLocalRandom.current().nextLong(half + 1);
    }
}
