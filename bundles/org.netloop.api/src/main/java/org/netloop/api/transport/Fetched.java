package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a transport learned of an object besides its bytes.
 *
 * @param totalLength the length of the whole object, in bytes; {@value #UNKNOWN} if the other side
 *     did not say
 * @param validator what changes when the object does (an ETag), opaque; null if the other side did
 *     not say
 * @param latencyNanos from the request to the first byte of the answer; {@value #UNKNOWN} if it was
 *     not measured
 */
public record Fetched(long totalLength, @Nullable String validator, long latencyNanos) {
    /** As a length or a latency: not known. */
    public static final long UNKNOWN = -1;

    /** Without a measured latency. */
    public Fetched(long totalLength, @Nullable String validator) {
        this(totalLength, validator, UNKNOWN);
    }
}
