package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.status.Durations;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.retry.RetryPolicy;

import java.net.URI;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One base URI, and what was measured of it. Thread-safe. */
public final class Mirror {
    /** Weight of a new measurement: the last ten or so decide. */
    private static final double SMOOTHING = 0.2;

    private static final long NANOS_IN_A_MILLI = 1_000_000;
    private static final int SMALL = 16 << 10;

    private final URI base;
    private final URI directory;
    private final LongSupplier clock;

    /**
     * Weight of a fetch that another mirror was faster with: it says more than one that is done.
     */
    private static final double SMOOTHING_OUTRUN = 0.5;

    /** Number of fetches before which a mirror's usual time is unknown. */
    private static final int KNOWN_AFTER = 8;

    private static final double LEAST_TAIL_NANOS = 5e6;

    /** Longer than any patience of use, and multiples of it do not overflow. */
    private static final double MOST_TAIL_NANOS = 3600e9;

    private static final Duration TAIL_OF_UNKNOWN = Duration.ofSeconds(1);

    /** Outrun so often, it is given up for others without counting what that costs. */
    private static final int LAGGING = 2;

    /**
     * Highest credible rate, in bytes a second: data that arrived with the first byte says nothing
     * about higher ones.
     */
    private static final double FASTEST = 10e9;

    private final Durations times = new Durations();
    private double latencyNanos = Double.NaN;
    private double bytesPerSecond = Double.NaN;
    private double usualNanos = Double.NaN;
    private double usualDifference;
    private double usualBytes = Double.NaN;
    private int outruns;
    private long measuredNanos;
    private boolean measured;
    private int inFlight;
    private long fetches;
    private long failures;
    private int consecutiveFailures;
    private long failingSinceNanos;
    private long failedLastNanos;
    private long bytesFetched;
    private long restsUntilNanos;
    private boolean resting;
    private long barredUntilNanos;
    private boolean barred;
    private int consecutiveDenials;
    private long distrustedUntilNanos;
    private boolean distrusted;
    private @Nullable String lastFailure;

    /**
     * Not measured yet.
     *
     * @param clock as {@link System#nanoTime}
     */
    Mirror(URI base, LongSupplier clock) {
        this.base = base;
        this.clock = clock;
        this.directory = directory(base);
    }

    /** The base URI, as it was configured: of a directory, or of a file. */
    public URI base() {
        return base;
    }

    /**
     * The URI of an object.
     *
     * @param path relative to the base as a directory; empty for the base itself
     */
    URI uri(String path) {
        return path.isEmpty() ? base : directory.resolve(path);
    }

    /** Returns whether an object is this mirror's base or lies below it. */
    boolean serves(URI object) {
        return object.equals(base) || object.toString().startsWith(directory.toString());
    }

    private static URI directory(URI base) {
        String path = base.getRawPath();
        return path == null || path.endsWith("/") ? base : base.resolve(path + "/");
    }

    synchronized boolean isBarred() {
        return condition() == Condition.BARRED;
    }

    /** Returns whether the mirror's root recently proved unusable. */
    synchronized boolean isDistrusted() {
        if (distrusted && clock.getAsLong() - distrustedUntilNanos >= 0) {
            distrusted = false;
        }
        return distrusted;
    }

    /**
     * Distrusts the mirror's root for a while: others are asked before it, for roots and for
     * everything else.
     */
    synchronized void distrust(String why) {
        failures++;
        lastFailure = why;
        distrusted = true;
        distrustedUntilNanos = clock.getAsLong() + RetryPolicy.DISTRUST.nanos(0);
        rest(RetryPolicy.DISTRUST.millis(0));
    }

    // Under the monitor.
    private void rest(long millis) {
        resting = true;
        restsUntilNanos = clock.getAsLong() + millis * NANOS_IN_A_MILLI;
    }

    /** Returns whether the mirror may be asked and is not resting. */
    synchronized boolean isGood() {
        return condition() == Condition.GOOD;
    }

    // Under the monitor.
    private Condition condition() {
        long now = clock.getAsLong();
        if (resting && now - restsUntilNanos >= 0) {
            resting = false;
        }
        if (barred && now - barredUntilNanos >= 0) {
            barred = false;
        }
        return barred ? Condition.BARRED : resting ? Condition.RESTING : Condition.GOOD;
    }

    synchronized void begins() {
        inFlight++;
    }

    synchronized void ends() {
        inFlight--;
    }

    synchronized void succeeded(long tookNanos, int bytes, Fetched fetched) {
        times.add(tookNanos);
        fetches++;
        bytesFetched += bytes;
        consecutiveFailures = 0;
        consecutiveDenials = 0;
        barred = false;
        outruns = 0;
        measured = true;
        measuredNanos = clock.getAsLong();
        long latency =
                fetched.latencyNanos() == Fetched.UNKNOWN
                        ? tookNanos
                        : Math.min(tookNanos, fetched.latencyNanos());
        latencyNanos = smooth(latencyNanos, latency);
        if (bytes >= SMALL) {
            // Those beside it had their part of the link.
            double rate = 1e9 * bytes * Math.max(1, inFlight) / Math.max(1, tookNanos - latency);
            bytesPerSecond = smooth(bytesPerSecond, Math.min(rate, FASTEST));
        }
        double before = Double.isNaN(usualNanos) ? tookNanos : usualNanos;
        usualDifference += SMOOTHING * (Math.abs(tookNanos - before) - usualDifference);
        usualNanos = smooth(usualNanos, tookNanos);
        usualBytes = smooth(usualBytes, bytes);
    }

    /**
     * Another mirror, asked later, was done sooner: it takes at least as long as it was given.
     *
     * @param nanos how long it was given
     * @param bytes how many it had to send
     */
    synchronized void outrun(long nanos, int bytes) {
        outruns++;
        lastFailure = "another mirror was faster after " + nanos / NANOS_IN_A_MILLI + " ms";
        if (bytes == 0) {
            return; // says nothing of a rate
        }
        double most = 1e9 * bytes * Math.max(1, inFlight) / Math.max(1, nanos);
        bytesPerSecond =
                Double.isNaN(bytesPerSecond)
                        ? most
                        : Math.min(
                                bytesPerSecond,
                                bytesPerSecond + SMOOTHING_OUTRUN * (most - bytesPerSecond));
    }

    /** Returns whether the mirror was outrun repeatedly since it last did well. */
    synchronized boolean isLagging() {
        return outruns >= LAGGING;
    }

    /**
     * Returns the time after which a fetch is later than usual for this mirror; short if the mirror
     * has lagged before.
     *
     * @param bytes how many are to come; negative if unknown
     */
    synchronized Duration tail(long bytes) {
        if (isLagging()) {
            return Duration.ofNanos((long) LEAST_TAIL_NANOS);
        }
        if (fetches < KNOWN_AFTER) {
            return TAIL_OF_UNKNOWN;
        }
        double more = Math.max(0, bytes - usualBytes);
        double longer =
                Double.isNaN(bytesPerSecond) ? 0 : 1e9 * more * (1 + inFlight) / bytesPerSecond;
        double tail = usualNanos + RetryPolicy.LATE * usualDifference + longer;
        return Duration.ofNanos((long) Math.clamp(tail, LEAST_TAIL_NANOS, MOST_TAIL_NANOS));
    }

    /** Returns the time since the last measurement; endless if there was none. */
    synchronized Duration unmeasuredFor() {
        return measured
                ? Duration.ofNanos(clock.getAsLong() - measuredNanos)
                : Duration.ofSeconds(Long.MAX_VALUE);
    }

    private static double smooth(double old, double fresh) {
        return Double.isNaN(old) ? fresh : old + SMOOTHING * (fresh - old);
    }

    synchronized void failed(FetchException failure) {
        switch (failure) {
            // It answers and is whole: no failure of the mirror. The next one may have the object.
            case FetchException.Missing _ -> {}
            case FetchException.Corrupt _ -> blame(failure, null);
            case FetchException.Unavailable e -> blame(failure, e.retryAfter());
            case FetchException.Denied _ -> {
                blame(failure, null);
                bar();
            }
            // It is our own side that lacks something.
            case FetchException.Unsupported _ -> lastFailure = failure.getMessage();
            // What has a digest may come from it all the same.
            case FetchException.Untrusted _ -> lastFailure = failure.getMessage();
        }
    }

    private void blame(FetchException failure, @Nullable Duration asked) {
        failures++;
        lastFailure = failure.getMessage();
        failedLastNanos = clock.getAsLong();
        if (consecutiveFailures == 0) {
            failingSinceNanos = failedLastNanos;
        }
        long rest = RetryPolicy.REST.millis(consecutiveFailures);
        consecutiveFailures++;
        if (asked != null) {
            rest = Math.clamp(asked.toMillis(), rest, RetryPolicy.REST.longest().toMillis());
        }
        rest(rest);
    }

    private void bar() {
        // Those that were under way together are one denial.
        if (condition() != Condition.BARRED) {
            barred = true;
            barredUntilNanos = clock.getAsLong() + RetryPolicy.BAR.nanos(consecutiveDenials);
            consecutiveDenials++;
        }
    }

    /** Returns the time of successful fetches, from the request to the last byte. */
    public Durations times() {
        return times;
    }

    /** Returns the measurements so far. */
    public synchronized MirrorState state() {
        return new MirrorState(
                base,
                condition(),
                Double.isNaN(latencyNanos) ? null : Duration.ofNanos((long) latencyNanos),
                bytesPerSecond,
                inFlight,
                fetches,
                failures,
                consecutiveFailures,
                consecutiveFailures == 0
                        ? Duration.ZERO
                        : Duration.ofNanos(failedLastNanos - failingSinceNanos),
                bytesFetched,
                lastFailure);
    }
}
