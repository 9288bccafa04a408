package org.netloop.cache.disk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Back-off after failures: {@link #SHORTEST} at first, doubled by each further failure up to {@link
 * #LONGEST}. Thread-safe.
 */
final class Pause {
    static final Duration SHORTEST = Duration.ofSeconds(5);
    static final Duration LONGEST = Duration.ofMinutes(5);

    private final InstantSource clock;
    private volatile Instant end = Instant.MIN;
    private volatile Duration next = SHORTEST;

    Pause(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns whether it is too early to try again. */
    boolean isOn() {
        return end != Instant.MIN && clock.instant().isBefore(end);
    }

    /** Records a failure. Of several that fail at a time, the first begins the pause. */
    synchronized Duration begin() {
        if (!isOn()) {
            Duration length = next;
            end = clock.instant().plus(length);
            Duration doubled = length.multipliedBy(2);
            next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        }
        return Duration.between(clock.instant(), end);
    }

    /** Records a success. */
    void reset() {
        if (end != Instant.MIN) {
            clear();
        }
    }

    private synchronized void clear() {
        end = Instant.MIN;
        next = SHORTEST;
    }
}
