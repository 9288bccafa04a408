package org.netloop.transport.http;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Status and headers of an answer, without its body.
 *
 * @param status the status code
 * @param headers those that matter here, by name in lower case. One that comes several times has
 *     its values in order, separated by {@code ", "} (RFC 9110, 5.3): {@link Claims} judges them.
 */
record Answer(int status, Map<String, String> headers) {
    static final int OK = 200;
    static final int PARTIAL = 206;
    static final int NOT_MODIFIED = 304;
    static final int RANGE_REFUSED = 416;

    private static final Set<String> KEPT =
            Set.of(
                    "age",
                    "cache-control",
                    "content-encoding",
                    "content-length",
                    "content-range",
                    "content-type",
                    "date",
                    "etag",
                    "expires",
                    "last-modified",
                    "location",
                    "retry-after",
                    "transfer-encoding");

    /** Copies the headers. */
    Answer {
        headers = Map.copyOf(headers);
    }

    static Answer of(HttpResponse response) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : response.getHeaders()) {
            String name = header.getName().toLowerCase(Locale.ROOT);
            if (KEPT.contains(name) && header.getValue() != null) {
                headers.merge(name, header.getValue(), (first, next) -> first + ", " + next);
            }
        }
        return new Answer(response.getCode(), headers);
    }

    /**
     * A header; null if there is none.
     *
     * @param name in lower case
     */
    @Nullable String header(String name) {
        return headers.get(name);
    }

    /**
     * Returns the validator that changes when the object does; null if the server sends none. A
     * weak ETag may stay as it is though the bytes change (RFC 9110, 8.8.1): the time helps.
     */
    @Nullable String validator() {
        String tag = header("etag");
        String modified = header("last-modified");
        if (tag == null) {
            return modified;
        }
        return tag.startsWith("W/") && modified != null ? tag + " " + modified : tag;
    }

    /** Returns whether the object is as it was when it had the validator that was sent along. */
    boolean isUnchanged() {
        return status == NOT_MODIFIED;
    }

    /** Returns whether the body is the object, or the requested part of it. */
    boolean hasObject() {
        return status == OK || status == PARTIAL;
    }
}
