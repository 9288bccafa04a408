package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HexFormat;

/** Writes addresses as clients take them: URIs as the NBD project's doc/uri.md has them. */
final class Uris {
    private static final String PLAIN = "-._~/";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Uris() {}

    /** An export at a unix socket. */
    static String unix(Path socket, String export, boolean tls) {
        return (tls ? "nbds" : "nbd")
                + "+unix:///"
                + encoded(export)
                + "?socket="
                + encoded(socket.toString());
    }

    /** An export at a TCP port. */
    static String tcp(InetAddress host, int port, String export, boolean tls) {
        return (tls ? "nbds" : "nbd") + "://" + authority(host, port) + "/" + encoded(export);
    }

    /** {@code host:port}; an IPv6 address in brackets, the {@code %} of its zone encoded. */
    static String authority(InetAddress host, int port) {
        String text = host.getHostAddress();
        String bracketed = text.indexOf(':') < 0 ? text : "[" + text.replace("%", "%25") + "]";
        return bracketed + ":" + port;
    }

    /** All but unreserved characters and slashes as percent and two digits for each byte. */
    private static String encoded(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                result.append(c);
            } else {
                result.append('%').append(HEX.toHexDigits(b));
            }
        }
        return result.toString();
    }
}
