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

    /** Returns the time left, or the given one if that is shorter. */
    public Duration leftAtMost(Duration most) {
        Duration left = left();
        return left.compareTo(most) < 0 ? left : most;
    }

    /** Returns whether the deadline has passed. */
    public boolean passed() {
        return nanos - System.nanoTime() <= 0;
    }
}
