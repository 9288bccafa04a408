package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Address that a server listens on: {@code tcp://host:port} or {@code unix:path}. Two texts that
 * mean the same are the same place.
 *
 * @param address what to bind
 * @param socketOrNull the socket's path; null for TCP
 */
record Place(SocketAddress address, @Nullable Path socketOrNull) {
    private static final String UNIX = "unix:";
    private static final int HIGHEST_PORT = 0xffff;

    /** The kernel's {@code sun_path} without its terminating zero. */
    private static final int LONGEST_PATH = 107;

    /**
     * Reads a place.
     *
     * @throws IllegalArgumentException if it is not one; the message says why
     */
    static Place parse(String text) {
        return text.startsWith(UNIX) ? unix(text) : tcp(text);
    }

    private static Place unix(String text) {
        String name = text.substring(UNIX.length()).replaceFirst("^//(?=/)", "");
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + text + "' names no socket: expected unix:PATH");
        }
        try {
            Path path = Path.of(name).toAbsolutePath().normalize();
            int length = path.toString().getBytes(UTF_8).length;
            if (length > LONGEST_PATH) {
                throw new IllegalArgumentException(
                        "'"
                                + text
                                + "': the path of a unix socket has at most "
                                + LONGEST_PATH
                                + " bytes, and this one has "
                                + length);
            }
            return new Place(UnixDomainSocketAddress.of(path), path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' cannot be a path: " + e.getReason(), e);
        }
    }

    private static Place tcp(String text) {
        URI uri = uri(text);
        if (!"tcp".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
            throw expected(text, null);
        }
        if (uri.getPort() > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "'" + text + "': the port " + uri.getPort() + " is above " + HIGHEST_PORT);
        }
        String host = uri.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        InetSocketAddress address = new InetSocketAddress(bare, uri.getPort());
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(
                    "'" + text + "': the host " + bare + " is not known to the resolver");
        }
        return new Place(address, null);
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw expected(text, e);
        }
    }

    private static IllegalArgumentException expected(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "'" + text + "' is not a place for NBD: expected tcp://HOST:PORT or unix:PATH",
                cause);
    }

    /** The same place, with the port that the system chose if any would do. */
    Place withPortOf(ServerSocketChannel server) throws IOException {
        return address instanceof InetSocketAddress asked
                        && asked.getPort() == 0
                        && server.getLocalAddress() instanceof InetSocketAddress bound
                ? new Place(new InetSocketAddress(asked.getAddress(), bound.getPort()), null)
                : this;
    }

    /** The address for people: {@code host:port} or {@code unix:path}. */
    String text() {
        return socketOrNull == null
                ? Uris.authority(inet().getAddress(), inet().getPort())
                : "unix:" + socketOrNull;
    }

    /** The URI by which a client names an export at it. */
    String uri(String export, boolean tls) {
        return socketOrNull == null
                ? Uris.tcp(inet().getAddress(), inet().getPort(), export, tls)
                : Uris.unix(socketOrNull, export, tls);
    }

    private InetSocketAddress inet() {
        return (InetSocketAddress) address;
    }
}
