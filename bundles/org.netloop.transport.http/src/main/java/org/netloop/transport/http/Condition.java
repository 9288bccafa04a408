package org.netloop.transport.http;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchRequest;

import java.util.regex.Pattern;

/** Condition on which a server sends an object: that it is not the known one (RFC 9110, 13.1.2). */
final class Condition {
    /** A strong one: a weak one may stay as it is though the bytes change. */
    private static final Pattern TAG = Pattern.compile("\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"");

    private Condition() {}

    /**
     * Returns the value of {@code If-None-Match} of a request; null if it knows nothing that a
     * server can tell the object by. What it knows may be of another transport, or of a server's
     * making: it is checked before it goes into a head. A time is not asked by: servers may answer
     * that nothing changed for an object that is older than the known one, as a copy that keeps its
     * time is.
     */
    static @Nullable String of(FetchRequest request) {
        String known = request.known();
        return known != null && TAG.matcher(known).matches() ? known : null;
    }
}
