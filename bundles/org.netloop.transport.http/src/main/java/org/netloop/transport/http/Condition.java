package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchRequest;

import java.util.regex.Pattern;

/**
 * Header by which a server sends an object only if it is another one than the known (RFC 9110, 13).
 *
 * @param header its name
 * @param value its value
 */
record Condition(String header, String value) {
    /** A strong one: a weak one may stay as it is though the bytes change. */
    private static final Pattern TAG = Pattern.compile("\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");

    /**
     * Returns the condition of a request; null if it knows nothing that a server can tell the
     * object by. What it knows may be of another transport, or of a server's making: it is checked
     * before it goes into a head. A time is not asked by: servers may answer that nothing changed
     * for an object that is older than the known one, as a copy that keeps its time is.
     */
    static @Nullable Condition of(FetchRequest request) {
        String known = request.known();
        if (known == null) {
            return null;
        }
        return TAG.matcher(known).matches() ? new Condition("If-None-Match", known) : null;
    }
}
