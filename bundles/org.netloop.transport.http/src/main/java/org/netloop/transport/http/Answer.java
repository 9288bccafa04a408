package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;

/**
 * What a server answered, beside the bytes.
 *
 * @param status the status code
 * @param location where it redirects to; null if it does not
 * @param retryAfter the header of that name; null if there is none
 * @param contentEncoding the header of that name; null if there is none
 * @param contentRange the header of that name; null if there is none
 * @param contentLength the length of the body it announced; -1 if it did not
 * @param validator the ETag, or the time of the last change; null if there is neither
 */
record Answer(
        int status,
        @Nullable String location,
        @Nullable String retryAfter,
        @Nullable String contentEncoding,
        @Nullable String contentRange,
        long contentLength,
        @Nullable String validator) {
    static final int OK = 200;
    static final int PARTIAL = 206;

    /** Whether the body is the object, or the part of it that was asked for. */
    boolean hasObject() {
        return status == OK || status == PARTIAL;
    }
}
