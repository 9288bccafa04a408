package org.netloop.api.transport;

import org.netloop.api.message.Secrets;

import java.net.URI;
import java.time.Duration;

/**
 * What to fetch.
 *
 * @param uri the object
 * @param offset the first byte wanted
 * @param length how many bytes are wanted; {@value #TO_END} for all to the object's end
 * @param timeout for the whole call, from its start to the last byte; positive
 * @param purpose why
 */
public record FetchRequest(
        URI uri, long offset, long length, Duration timeout, FetchPurpose purpose) {

    /** As a length: all to the object's end. */
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

    /** Without secrets of the URI. */
    @Override
    public String toString() {
        return "bytes from %d, %s of %s within %s, %s"
                .formatted(
                        offset,
                        length == TO_END ? "all" : String.valueOf(length),
                        Secrets.hide(uri),
                        timeout,
                        purpose);
    }

    /** The whole of an object. */
    public static FetchRequest whole(URI uri, Duration timeout, FetchPurpose purpose) {
        return new FetchRequest(uri, 0, TO_END, timeout, purpose);
    }

    /** Whether the whole object is wanted. */
    public boolean isWhole() {
        return offset == 0 && length == TO_END;
    }
}
