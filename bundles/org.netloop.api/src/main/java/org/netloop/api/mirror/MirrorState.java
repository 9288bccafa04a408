package org.netloop.api.mirror;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;

/**
 * What was measured of a mirror, up to now. Immutable.
 *
 * @param base the base URI
 * @param condition whether it may be asked
 * @param latency from the request to the first byte, smoothed; null before the first measurement
 * @param bytesPerSecond of all that is under way there together, smoothed; NaN before the first
 *     measurement
 * @param inFlight how many fetches are under way
 * @param fetches how many ended well
 * @param failures how many did not
 * @param consecutiveFailures how many did not since the last one that did
 * @param bytesFetched how many bytes came
 * @param lastFailure what the last failure said; null if there was none. That an object is not
 *     there is none
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
        long bytesFetched,
        @Nullable String lastFailure) {

    /** Whether a mirror may be asked. */
    public enum Condition {
        /** It may. */
        GOOD,
        /**
         * It was unavailable and is left alone for a while; asked all the same when no other is
         * left.
         */
        RESTING,
        /**
         * It denied access and is left alone for a longer while, from half a minute to a quarter of
         * an hour; asked all the same when no other is left.
         */
        BARRED
    }
}
