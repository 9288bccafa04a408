package org.netloop.engine.fetch;

import java.time.Duration;

/**
 * How long a volume waits for its mirrors. Immutable.
 *
 * @param configured how long a read waits for a block; zero to wait for ever
 */
public record Patience(Duration configured) {
    /** A mirror that says nothing is given up early enough for the others to be asked in time. */
    private static final int ATTEMPTS_IN_A_READ = 3;

    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(10);
    private static final Duration LONGEST_ERRAND = Duration.ofSeconds(30);

    /** Nobody lives to see its end, and no sum of it overflows. */
    private static final Duration FOR_EVER = Duration.ofDays(1000);

    /** Whether a read waits as long as it takes. */
    public boolean isEndless() {
        return configured.isZero();
    }

    /** How long a read waits for a block, and for a part of the map. */
    public Duration ofRead() {
        return isEndless() ? FOR_EVER : configured;
    }

    /** How long one mirror may take to deliver one object. */
    public Duration ofAttempt() {
        return isEndless() ? LONGEST_ATTEMPT : configured.dividedBy(ATTEMPTS_IN_A_READ);
    }

    /** How long something may take that is given up, or begun again, when it does not come. */
    public Duration ofErrand() {
        return isEndless() ? LONGEST_ERRAND : configured;
    }
}
