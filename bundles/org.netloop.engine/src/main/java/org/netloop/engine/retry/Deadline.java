package org.netloop.engine.retry;

import java.time.Duration;

/**
 * A point in time by which something has to be over.
 *
 * @param nanos by the clock of {@link System#nanoTime}
 */
public record Deadline(long nanos) {

    /** Creates a deadline that is {@code time} from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Returns the time left; not positive once the deadline has passed. */
    public Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }

    /** Returns whether the deadline has passed. */
    public boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }
}
