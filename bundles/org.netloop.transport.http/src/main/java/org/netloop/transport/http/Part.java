package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchRequest;

/**
 * Requested byte range of an object.
 *
 * @param offset the first byte wanted
 * @param length how many bytes are wanted; {@link FetchRequest#TO_END} for all to the end
 */
record Part(long offset, long length) {

    static Part of(FetchRequest request) {
        return new Part(request.offset(), request.length());
    }

    /** The header {@code Range} (RFC 9110, 14.2); null for the whole object. */
    @Nullable String range() {
        if (offset == 0 && length < 0) {
            return null;
        }
        return "bytes=" + offset + "-" + (length < 0 ? "" : String.valueOf(last()));
    }

    /** The last byte wanted, if it is not the object's last. */
    long last() {
        return offset + length - 1;
    }
}
