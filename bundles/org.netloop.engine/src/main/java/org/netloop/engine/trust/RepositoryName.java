package org.netloop.engine.trust;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The one spelling of a repository's URI under which it is remembered: another way to write the
 * same place does not make it a place that was never seen. User, password and query are left out,
 * as they change; the default port, the case of scheme and host, {@code .} and {@code ..}, doubled
 * and ending slashes, and percent-encoding make no difference. All names and addresses of this
 * machine itself are one. A directory goes by its real path. Stateless.
 */
final class RepositoryName {
    private static final String LOCAL = "localhost";

    private RepositoryName() {}

    static String of(URI repository) {
        String scheme = lower(requireNonNullElse(repository.getScheme(), ""));
        String path = requireNonNullElse(repository.getPath(), "");
        if (scheme.equals("file")) {
            return scheme + "://" + realPath(path);
        }
        // The authority of a name that RFC 2396 does not take for a host, as that of some buckets.
        String host =
                requireNonNullElse(
                        repository.getHost(), requireNonNullElse(repository.getAuthority(), ""));
        return scheme
                + "://"
                + host(lower(host))
                + ":"
                + port(scheme, repository.getPort())
                + segments(path);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String host(String host) {
        String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (bare.equals(LOCAL) || bare.endsWith("." + LOCAL)) {
            return LOCAL;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(bare);
            return address.isLoopbackAddress() ? LOCAL : address.getHostAddress();
        } catch (IllegalArgumentException _) {
            return bare; // a name, which nobody is asked about
        }
    }

    private static int port(String scheme, int port) {
        if (port >= 0) {
            return port;
        }
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    private static String realPath(String path) {
        try {
            return Path.of(path).toRealPath().toString();
        } catch (IOException | IllegalArgumentException _) {
            return segments(path);
        }
    }

    private static String segments(String path) {
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("/", -1)) {
            switch (segment) {
                case "", "." -> {}
                case ".." -> segments.pollLast();
                default -> segments.addLast(segment);
            }
        }
        return "/" + String.join("/", segments);
    }
}
