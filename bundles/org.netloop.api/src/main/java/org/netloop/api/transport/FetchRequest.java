package org.netloop.api.transport;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Secrets;

import java.net.URI;
import java.time.Duration;

/**
 * Request for an object, or for a byte range of it.
 *
 * @param uri the object
 * @param offset offset of the first byte, at least 0
 * @param length number of bytes, at least 1; {@value #TO_END}: up to the object's end
 * @param timeout time limit of the whole call, from its start to the last byte; positive
 * @param purpose reason for the fetch
 * @param known a validator that a {@link Fetched} of this object had: its bytes are here, and need
 *     not be sent again if it still has that one; null if they are wanted in any case
 */
public record FetchRequest(
        URI uri,
        long offset,
        long length,
        Duration timeout,
        FetchPurpose purpose,
        @Nullable String known) {

    /** Length of a range that extends to the object's end. */
    public static final long TO_END = -1;

    /** Checks the ranges. */
    public FetchRequest {
        if (offset < 0 || length < TO_END || length == 0) {
            throw new IllegalArgumentException(
                    "range " + offset + " + " + length + " of " + Secrets.hide(uri));
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout " + timeout + " for " + Secrets.hide(uri));
        }
    }

    /** Creates a request for bytes that are wanted in any case. */
    public FetchRequest(URI uri, long offset, long length, Duration timeout, FetchPurpose purpose) {
        this(uri, offset, length, timeout, purpose, null);
    }

    /** Returns a text without the URI's secrets. */
    @Override
    public String toString() {
        return "bytes from %d, %s of %s within %s, %s%s"
                .formatted(
                        offset,
                        length == TO_END ? "all" : String.valueOf(length),
                        Secrets.hide(uri),
                        timeout,
                        purpose,
                        known == null ? "" : ", unless " + known);
    }

    /** Creates a request for a whole object. */
    public static FetchRequest whole(URI uri, Duration timeout, FetchPurpose purpose) {
        return new FetchRequest(uri, 0, TO_END, timeout, purpose);
    }

    /** Returns whether the whole object is requested. */
    public boolean isWhole() {
        return offset == 0 && length == TO_END;
    }
}
