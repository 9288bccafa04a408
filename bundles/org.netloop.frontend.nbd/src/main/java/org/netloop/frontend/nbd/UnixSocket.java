package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.systemd.PassedSockets;
import org.netloop.api.systemd.SocketFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A listening unix socket and its file. A file that is not a socket is never touched; a socket is
 * replaced only if nobody accepts connections there; and at the end only the very socket that was
 * made here is removed.
 */
final class UnixSocket {
    private static final Logger LOG = LoggerFactory.getLogger(UnixSocket.class);

    /** The bits of a mode that say what kind of file it is, and those of a socket. */
    private static final int KIND = 0170000;

    private static final int SOCKET = 0140000;
    private static final int TRIES = 16;
    private static final int RADIX = 36;

    private final Path path;
    private final ServerSocketChannel server;

    /** Null if another process made it, to which it belongs. */
    private final @Nullable SocketFile own;

    private UnixSocket(Path path, ServerSocketChannel server, @Nullable SocketFile own) {
        this.path = path;
        this.server = server;
        this.own = own;
    }

    /** Returns the socket that clients connect to. */
    ServerSocketChannel server() {
        return server;
    }

    /**
     * Listens, at the socket that the service manager passes for the path, with the permissions
     * that it has. Otherwise one is made under another name and linked into place, so that nobody
     * connects before it has its permissions.
     *
     * @throws IOException if something is there that is not a socket, or a server that accepts
     *     connections; the message says which
     */
    static UnixSocket listen(Path path, Set<PosixFilePermission> mode, int backlog)
            throws IOException {
        Optional<PassedSockets.Opened> passed =
                PassedSockets.ofThisProcess().open(UnixDomainSocketAddress.of(path));
        if (passed.isPresent()) {
            return of(path, passed.get());
        }
        removeIfStale(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Path aside = null;
        try {
            aside = bindAside(server, path, backlog);
            Files.setPosixFilePermissions(aside, mode);
            SocketFile own = SocketFile.at(aside).named(path);
            Files.createLink(path, aside);
            return new UnixSocket(path, server, own);
        } catch (FileAlreadyExistsException e) {
            server.close();
            throw new IOException(
                    "cannot listen at " + path + ": another process has just created it", e);
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen at " + path + ": " + Failures.sentence(e), e);
        } finally {
            if (aside != null) {
                Files.deleteIfExists(aside);
            }
        }
    }

    private static UnixSocket of(Path path, PassedSockets.Opened passed) throws IOException {
        ServerSocketChannel server = passed.channel();
        try {
            return new UnixSocket(path, server, passed.ours() ? SocketFile.at(path) : null);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /** Binds to a name beside the path that nobody has or can foresee, and that is short. */
    private static Path bindAside(ServerSocketChannel server, Path path, int backlog)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            long number = ThreadLocalRandom.current().nextLong(1L << 40);
            Path aside = path.resolveSibling(".n" + Long.toString(number, RADIX));
            try {
                server.bind(UnixDomainSocketAddress.of(aside), backlog);
                return aside;
            } catch (IOException e) {
                if (attempt == TRIES || !Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
                    throw e;
                }
            }
        }
    }

    private static void removeIfStale(Path path) throws IOException {
        SocketFile found;
        boolean isSocket;
        try {
            found = SocketFile.at(path);
            isSocket = isSocket(path);
        } catch (NoSuchFileException _) {
            return;
        }
        if (!isSocket) {
            throw new IOException(
                    path
                            + " is not a socket and is left as it is: name another path for the"
                            + " socket, or remove it yourself");
        }
        if (SocketFile.isServed(path)) {
            throw new IOException(
                    path + " belongs to a server that runs: stop it, or name another path");
        }
        LOG.debug("no process accepts connections at {}", path);
        found.remove();
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                        instanceof Integer mode
                && (mode & KIND) == SOCKET;
    }

    /** The first of the two steps keeps others from taking the socket for stale meanwhile. */
    void close() throws IOException {
        try (server) {
            if (own != null && !PassedSockets.ofThisProcess().isHandedOver() && !own.remove()) {
                LOG.info("{} is not the socket made here any more and is left as it is", path);
            }
        }
    }
}
