package org.netloop.engine.retry;

import java.time.Duration;

/**
 * Patience of a volume with its mirrors, and the schedule of all retries. Immutable.
 *
 * <table>
 * <caption>How long something may take</caption>
 * <tr><th>what</th><th>limit</th><th>with patience 0 (for ever)</th></tr>
 * <tr><td>one block of a read, one part of the map</td><td>patience</td><td>no limit</td></tr>
 * <tr><td>one object from one mirror</td><td>1/3 of patience</td><td>10 s</td></tr>
 * <tr><td>opening; what is fetched ahead</td><td>patience</td><td>30 s</td></tr>
 * <tr><td>opening: a root that was seen before, which then is used as it was</td><td>1/3 of
 *     patience for each mirror, patience at most</td><td>10 s for each mirror, 30 s at most</td></tr>
 * <tr><td>several blocks by one request, before each is fetched by itself</td><td>1/3 of
 *     patience</td><td>10 s</td></tr>
 * <tr><td>a read or a look-up whose backend hangs, beyond its patience</td><td>5 s</td><td>5 s
 *     </td></tr>
 * <tr><td>a read whose block another reader gives up, beyond that</td><td>1 s</td><td>1 s</td></tr>
 * <tr><td>late answers for a root, once one is elected</td><td>0.5 s</td><td>0.5 s</td></tr>
 * </table>
 *
 * <table>
 * <caption>When it is tried again</caption>
 * <tr><th>what failed</th><th>first pause</th><th>longest pause</th><th>until</th></tr>
 * <tr><td>a round over all mirrors</td><td>25 to 50 ms</td><td>1 to 2 s</td><td>the deadline; for
 *     wrong bytes alone, one round more</td></tr>
 * <tr><td>a mirror: it rests, and is asked last</td><td>250 ms, or what it asks for</td><td>30 s
 *     </td><td>it succeeds</td></tr>
 * <tr><td>a mirror that denied access: it is not asked</td><td>30 s</td><td>15 min</td><td>it
 *     succeeds</td></tr>
 * <tr><td>a mirror whose root led nowhere: it is asked last</td><td>30 s</td><td>30 s</td><td>
 *     </td></tr>
 * <tr><td>a backend that broke its contract: it is left alone</td><td>250 ms</td><td>60 s</td><td>
 *     as many successes</td></tr>
 * <tr><td>all mirrors, of a volume that never gives up</td><td>100 ms</td><td>5 s</td><td>one
 *     answers; 4 flights try at a time</td></tr>
 * <tr><td>what is fetched ahead: nothing more is</td><td>500 ms</td><td>32 s</td><td>it succeeds
 *     </td></tr>
 * <tr><td>opening an index again after its format left</td><td>100 ms</td><td>30 s</td><td>it is
 *     open</td></tr>
 * <tr><td>opening a configured volume</td><td>500 ms</td><td>30 s</td><td>it is open</td></tr>
 * <tr><td>opening a volume that never gives up</td><td>2 s</td><td>2 s</td><td>it is open</td></tr>
 * </table>
 *
 * <p>A mirror that is late without having failed is helped by the next one after its usual time and
 * four times the usual difference; at most one fetch in twenty is, but a mirror that is later than
 * four times that and 0.5 s always is.
 *
 * @param patience how long a read waits for a block; zero to wait for ever
 */
public record RetryPolicy(Duration patience) {
    /** Pauses between two rounds over all mirrors. */
    public static final Backoff ROUNDS = Backoff.ofMillis(50, 2_000);

    /** Number of rounds if the only failures are wrong bytes. */
    public static final int ROUNDS_OF_WRONG_BYTES = 2;

    /** Rest of a mirror that failed. */
    public static final Backoff REST = Backoff.ofMillis(250, 30_000);

    /** Bar of a mirror that denied access: its signature expired, or it is too busy. */
    public static final Backoff BAR = Backoff.ofMillis(30_000, 15 * 60_000);

    /** Pause of a mirror whose root was unusable. */
    public static final Backoff DISTRUST = Backoff.ofMillis(30_000, 30_000);

    /** Quarantine of a backend that broke its contract. */
    public static final Backoff FAULT = Backoff.ofMillis(250, 60_000);

    /** Pause between tries while no mirror answers, of a volume with unlimited patience. */
    public static final Backoff OUTAGE = Backoff.ofMillis(100, 5_000);

    /** Number of flights of such a volume that try at a time. */
    public static final int TRIES_IN_AN_OUTAGE = 4;

    /** Pause of prefetching after a failure. */
    public static final Backoff AHEAD = Backoff.ofMillis(500, 32_000);

    /** Pause between tries to open an index whose format left. */
    public static final Backoff REOPENING = Backoff.ofMillis(100, 30_000);

    /** Pause between tries to open a configured volume. */
    public static final Backoff OPENING = Backoff.ofMillis(500, 30_000);

    /** Pause between tries to open a volume with unlimited patience. */
    public static final Backoff OPENING_FOR_EVER = Backoff.ofMillis(2_000, 2_000);

    /** Extra time after which a task is abandoned that does not end by itself at its deadline. */
    public static final Duration OVERTIME = Duration.ofSeconds(5);

    /**
     * Time for which a reader at its deadline waits for the failure of another one that gave up.
     */
    public static final Duration BEING_TOLD = Duration.ofSeconds(1);

    /** Time for which late answers may still change a decided election. */
    public static final Duration SETTLING = Duration.ofMillis(500);

    /** A mirror is late by its usual time and so many times the usual difference. */
    public static final int LATE = 4;

    /** Number of fetches of which one may be hedged. */
    public static final int FETCHES_PER_HEDGE = 20;

    /** A mirror later than so many times its tail, and half a second, is always hedged. */
    private static final int BEYOND_DOUBT = 4;

    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

    /** A mirror that says nothing is given up early enough for the others to be asked in time. */
    private static final int ATTEMPTS_IN_A_READ = 3;

    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(10);
    private static final Duration LONGEST_ERRAND = Duration.ofSeconds(30);

    /** Duration that no process outlives, and whose sums do not overflow. */
    private static final Duration FOR_EVER = Duration.ofDays(1000);

    /** Returns whether a read waits without limit. */
    public boolean isEndless() {
        return patience.isZero();
    }

    /** The longest that a read waits for a block, and for a part of the map. */
    public Duration ofRead() {
        return isEndless() ? FOR_EVER : patience;
    }

    /** The longest that one mirror may take to deliver one object. */
    public Duration ofAttempt() {
        return isEndless() ? LONGEST_ATTEMPT : patience.dividedBy(ATTEMPTS_IN_A_READ);
    }

    /** The longest that something may take that is given up, or begun again, when it is late. */
    public Duration ofErrand() {
        return isEndless() ? LONGEST_ERRAND : patience;
    }

    /**
     * The longest that mirrors are asked for a root that was seen before: each may take as long as
     * one may, so that the last one is asked also if the others hang.
     */
    public Duration ofSeenRoot(int mirrors) {
        return ofAttempt().multipliedBy(Math.clamp(mirrors, 1, ATTEMPTS_IN_A_READ));
    }

    /** The longest that one request for several blocks may take before each is fetched alone. */
    public Duration ofGroup() {
        return ofErrand().dividedBy(ATTEMPTS_IN_A_READ);
    }

    /**
     * Returns the delay after which a mirror with that tail is no longer waited for, whatever
     * hedges cost.
     */
    public static Duration beyondDoubt(Duration tail) {
        return tail.multipliedBy(BEYOND_DOUBT).plus(LONG_ENOUGH);
    }
}
