package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Fetched;

import java.net.URI;
import java.time.Duration;

/** One base URI, and what was measured of it. Thread-safe. */
public final class Mirror {
    /** Weight of a new measurement: the last ten or so decide. */
    private static final double SMOOTHING = 0.2;

    private static final long FIRST_REST_MS = 250;
    static final long LONGEST_REST_MS = 30_000;
    private static final int SMALL = 16 << 10;

    private final URI base;
    private final URI directory;

    private double latencyNanos = Double.NaN;
    private double bytesPerSecond = Double.NaN;
    private int inFlight;
    private long fetches;
    private long failures;
    private int consecutiveFailures;
    private long bytesFetched;
    private long restsUntilNanos;
    private boolean resting;
    private boolean barred;
    private @Nullable String lastFailure;

    /** Not measured yet. */
    Mirror(URI base) {
        this.base = base;
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

    /** Whether an object is this mirror's base or below it. */
    boolean serves(URI object) {
        return object.equals(base) || object.toString().startsWith(directory.toString());
    }

    private static URI directory(URI base) {
        String path = base.getRawPath();
        return path == null || path.endsWith("/") ? base : base.resolve(path + "/");
    }

    synchronized boolean isBarred() {
        return barred;
    }

    synchronized void begins() {
        inFlight++;
    }

    synchronized void ends() {
        inFlight--;
    }

    synchronized void succeeded(long tookNanos, int bytes, Fetched fetched) {
        fetches++;
        bytesFetched += bytes;
        consecutiveFailures = 0;
        long latency =
                fetched.latencyNanos() == Fetched.UNKNOWN ? tookNanos : fetched.latencyNanos();
        latencyNanos = smooth(latencyNanos, latency);
        if (bytes >= SMALL) {
            bytesPerSecond = smooth(bytesPerSecond, bytes * 1e9 / Math.max(1, tookNanos));
        }
    }

    private static double smooth(double old, double fresh) {
        return Double.isNaN(old) ? fresh : old + SMOOTHING * (fresh - old);
    }

    synchronized void failed(FetchException failure) {
        switch (failure) {
            // It answers and is whole: the next one may have the object.
            case FetchException.Missing _ -> lastFailure = failure.getMessage();
            case FetchException.Corrupt _ -> blame(failure, null);
            case FetchException.Unavailable e -> blame(failure, e.retryAfter());
            case FetchException.Denied _ -> {
                blame(failure, null);
                barred = true;
            }
            // It is our own side that lacks something.
            case FetchException.Unsupported _ -> lastFailure = failure.getMessage();
        }
    }

    private void blame(FetchException failure, @Nullable Duration asked) {
        failures++;
        lastFailure = failure.getMessage();
        long rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS << Math.min(consecutiveFailures, 10));
        consecutiveFailures++;
        if (asked != null) {
            rest = Math.clamp(asked.toMillis(), rest, LONGEST_REST_MS);
        }
        resting = true;
        restsUntilNanos = System.nanoTime() + rest * 1_000_000;
    }

    /** What was measured, up to now. */
    public synchronized MirrorState state() {
        if (resting && System.nanoTime() - restsUntilNanos >= 0) {
            resting = false;
        }
        Condition condition =
                barred ? Condition.BARRED : resting ? Condition.RESTING : Condition.GOOD;
        return new MirrorState(
                base,
                condition,
                Double.isNaN(latencyNanos) ? null : Duration.ofNanos((long) latencyNanos),
                bytesPerSecond,
                inFlight,
                fetches,
                failures,
                consecutiveFailures,
                bytesFetched,
                lastFailure);
    }
}
