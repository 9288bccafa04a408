package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * Where a server listens: {@code tcp://host:port} or {@code unix:path}.
 *
 * @param address what to bind
 * @param socketOrNull the socket's path; null for TCP
 */
record Place(SocketAddress address, @Nullable Path socketOrNull) {
    private static final String UNIX = "unix:";

    /**
     * Reads a place.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Place parse(String text) {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            Path path =
                    Path.of(text.substring(UNIX.length()).replaceFirst("^//(?=/)", ""))
                            .toAbsolutePath();
            return new Place(UnixDomainSocketAddress.of(path), path);
        }
        URI uri = URI.create(text);
        if (!"tcp".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no place for NBD: expected tcp://HOST:PORT or unix:PATH");
        }
        String host = uri.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetSocketAddress address = new InetSocketAddress(bare, uri.getPort());
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("'" + text + "': there is no host " + bare);
        }
        return new Place(address, null);
    }
}
