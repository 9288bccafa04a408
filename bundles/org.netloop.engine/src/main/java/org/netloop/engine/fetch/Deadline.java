package org.netloop.engine.fetch;

import java.time.Duration;

/**
 * A point in time by which something has to be over.
 *
 * @param nanos by the clock of {@link System#nanoTime}
 */
public record Deadline(long nanos) {

    /** So far from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** How long it is until then; not positive once it has passed. */
    public Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }

    /** Whether it has passed. */
    public boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }
}
