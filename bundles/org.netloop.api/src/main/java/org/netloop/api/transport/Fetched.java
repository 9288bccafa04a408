package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a transport learned of an object besides its bytes.
 *
 * @param totalLength the length of the whole object, in bytes; {@value #UNKNOWN} if the other side
 *     did not say
 * @param validator what changes when the object does (an ETag), opaque; null if the other side did not
 *     say
 */
public record Fetched(long totalLength, @Nullable String validator) {
    /** As a length: the other side did not say. */
    public static final long UNKNOWN = -1;
}
