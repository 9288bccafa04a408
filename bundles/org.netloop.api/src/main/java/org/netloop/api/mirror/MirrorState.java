package org.netloop.api.mirror;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;

/**
 * Measurements of a mirror so far. Immutable.
 *
 * @param base the base URI
 * @param condition availability
 * @param latency time from the request to the first byte, smoothed; null before the first
 *     measurement
 * @param bytesPerSecond rate of all fetches under way together, smoothed, in bytes per second; NaN
 *     before the first measurement
 * @param inFlight number of fetches under way
 * @param fetches number of successful fetches
 * @param failures number of failed fetches
 * @param consecutiveFailures number of failed fetches since the last successful one
 * @param failingFor time from the first to the last of these failures; zero if there are fewer than
 *     two
 * @param bytesFetched number of bytes received
 * @param lastFailure message of the last failure; null if there was none. A missing object is not a
 *     failure
 */
public record MirrorState(
        URI base,
        Condition condition,
        @Nullable Duration latency,
        double bytesPerSecond,
        int inFlight,
        long fetches,
        long failures,
        int consecutiveFailures,
        Duration failingFor,
        long bytesFetched,
        @Nullable String lastFailure) {

    /** Availability of a mirror. */
    public enum Condition {
        /** The mirror may be asked. */
        GOOD,
        /**
         * The mirror was unavailable and is left alone for a while; it is asked all the same if no
         * other is left.
         */
        RESTING,
        /**
         * The mirror denied access and is left alone for longer, from half a minute to a quarter of
         * an hour; it is asked all the same if no other is left.
         */
        BARRED
    }
}
