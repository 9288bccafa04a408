package org.netloop.transport.http;

import java.net.URI;
import java.util.Locale;

/**
 * Origin of a URI (RFC 6454, 4).
 *
 * @param scheme in lower case
 * @param host in lower case; empty if there is none
 * @param port the scheme's own if the URI names none
 */
record Origin(String scheme, String host, int port) {

    static Origin of(URI uri) {
        String scheme = scheme(uri);
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, host, port);
    }

    static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
