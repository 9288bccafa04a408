package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;

/**
 * Facts about an object that a transport learned besides its bytes.
 *
 * @param totalLength the length of the whole object, in bytes; {@value #UNKNOWN} if the server did
 *     not state it
 * @param validator an opaque text that changes when the object does (an ETag); null if the server
 *     sent none
 * @param latencyNanos time from the request to the first byte of the answer, in ns; {@value
 *     #UNKNOWN} if not measured
 * @param isUnchanged whether no bytes came, because the object still has the validator that the
 *     request knew; only for a request that knew one
 */
public record Fetched(
        long totalLength, @Nullable String validator, long latencyNanos, boolean isUnchanged) {
    /** Length or latency that is not known. */
    public static final long UNKNOWN = -1;

    /** Creates a result without a measured latency. */
    public Fetched(long totalLength, @Nullable String validator) {
        this(totalLength, validator, UNKNOWN, false);
    }

    /**
     * Creates the result of a request whose object still has the validator that it knew.
     *
     * @param known the request's
     */
    public static Fetched unchanged(String known) {
        return new Fetched(UNKNOWN, known, UNKNOWN, true);
    }

    /**
     * Returns this result with a latency.
     *
     * @param nanos from the request to the first byte of the answer, in ns
     */
    public Fetched after(long nanos) {
        return new Fetched(totalLength, validator, nanos, isUnchanged);
    }
}
