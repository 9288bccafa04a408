package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A place where clients connect, and the exports they find there. Thread-safe. */
final class Listener implements Handshake.Exports {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 128;
    private static final int SOCKET_BUFFER = 1 << 20;
    private static final long LONGEST_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LONGEST_HANDSHAKE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LONGEST_WRITE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_EVERY_MS = 5_000;

    private final Place place;
    private final ServerSocketChannel server;
    private final Memory memory;
    private final int mostConnections;
    private final List<Export> exports = new CopyOnWriteArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor =
            Thread.ofPlatform().daemon().name("netloop-nbd-accept").unstarted(this::accept);
    private final Thread watcher =
            Thread.ofVirtual().name("netloop-nbd-watch").unstarted(this::watch);

    Listener(Place place, Memory memory, int mostConnections, Set<PosixFilePermission> mode)
            throws IOException {
        this.place = place;
        this.memory = memory;
        this.mostConnections = mostConnections;
        this.server =
                place.socketOrNull() == null
                        ? bindTcp(place)
                        : bindUnix(place.socketOrNull(), mode);
    }

    private static ServerSocketChannel bindTcp(Place place) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(place.address(), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException("cannot listen at " + place.address() + ": " + e.getMessage(), e);
        }
        if (place.address() instanceof InetSocketAddress inet
                && !inet.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "{} is open to whoever reaches it: NBD here knows neither encryption nor"
                            + " passwords",
                    inet);
        }
        return server;
    }

    /** Bound aside and moved into place, so that nobody connects before the permissions are set. */
    private static ServerSocketChannel bindUnix(Path socket, Set<PosixFilePermission> mode)
            throws IOException {
        if (Files.exists(socket) && isAlive(socket)) {
            throw new IOException(socket + " belongs to a server that runs");
        }
        Path aside =
                socket.resolveSibling(
                        "." + ProcessHandle.current().pid() + "." + socket.getFileName());
        Files.deleteIfExists(aside);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(aside), BACKLOG);
            Files.setPosixFilePermissions(aside, mode);
            Files.move(aside, socket, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException e) {
            server.close();
            Files.deleteIfExists(aside);
            throw new IOException("cannot listen at " + socket + ": " + e.getMessage(), e);
        }
    }

    private static boolean isAlive(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    void start() {
        acceptor.start();
        watcher.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                if (connections.size() >= mostConnections) {
                    LOG.warn(
                            "{} has {} clients: another is turned away",
                            address(),
                            connections.size());
                    channel.close();
                    continue;
                }
                serve(channel);
            }
        } catch (IOException e) {
            if (server.isOpen()) {
                LOG.error("{} takes no more clients", address(), e);
            }
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
            if (place.socketOrNull() == null) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
        } catch (IOException e) {
            LOG.debug("a client went away before it was served: {}", e.getMessage());
            channel.close();
            return;
        }
        Connection connection = new Connection(channel, this, memory);
        connections.add(connection);
        // A platform thread: waking a virtual one for each small request costs half of the time it
        // takes.
        Thread.ofPlatform().daemon().name("netloop-nbd").start(connection);
    }

    private void watch() {
        try {
            while (server.isOpen()) {
                Thread.sleep(LOOK_EVERY_MS);
                long now = System.nanoTime();
                connections.stream()
                        .filter(c -> c.isStuck(now, LONGEST_HANDSHAKE_NANOS, LONGEST_WRITE_NANOS))
                        .forEach(this::turnOut);
            }
        } catch (InterruptedException _) {
            LOG.debug("{} is closed", address());
        }
    }

    private void turnOut(Connection connection) {
        LOG.info(
                "a client of {} is disconnected: it neither asks nor takes its replies", address());
        connection.close();
    }

    void ended(Connection connection) {
        connections.remove(connection);
        synchronized (this) {
            notifyAll();
        }
    }

    @Override
    public @Nullable Export find(String name) {
        if (name.isEmpty()) {
            return exports.isEmpty() ? null : exports.getFirst();
        }
        return exports.stream()
                .filter(export -> export.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<Export> all() {
        return List.copyOf(exports);
    }

    synchronized void add(Export export) throws IOException {
        if (find(export.name()) != null) {
            throw new IOException(
                    "there is an export '"
                            + export.name()
                            + "' at "
                            + address()
                            + " already; name this one by the option export");
        }
        exports.add(export);
    }

    /** Takes an export away: its clients get their answers and are disconnected. */
    void remove(Export export) {
        exports.remove(export);
        List<Connection> readers = connections.stream().filter(c -> c.reads(export)).toList();
        readers.forEach(Connection::shutInput);
        awaitEnd(readers);
        readers.forEach(Connection::close);
    }

    private synchronized void awaitEnd(List<Connection> readers) {
        long end = System.nanoTime() + LONGEST_DRAIN_NANOS;
        try {
            for (long left = LONGEST_DRAIN_NANOS;
                    left > 0 && readers.stream().anyMatch(connections::contains);
                    left = end - System.nanoTime()) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isEmpty() {
        return exports.isEmpty();
    }

    void close() throws IOException {
        server.close();
        watcher.interrupt();
        connections.forEach(Connection::close);
        Path socket = place.socketOrNull();
        if (socket != null) {
            Files.deleteIfExists(socket);
        }
    }

    /** The address it is really bound to. */
    String address() {
        Path socket = place.socketOrNull();
        if (socket != null) {
            return "unix:" + socket;
        }
        InetSocketAddress bound = bound();
        String host = bound.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
    }

    private InetSocketAddress bound() {
        try {
            if (server.getLocalAddress() instanceof InetSocketAddress inet) {
                return inet;
            }
        } catch (IOException _) {
            // Closed meanwhile: what was asked for is as good.
        }
        return (InetSocketAddress) place.address();
    }

    /** How a client names an export of it. */
    String uri(Export export) {
        Path socket = place.socketOrNull();
        return socket == null
                ? "nbd://" + address() + "/" + export.name()
                : "nbd+unix:///" + export.name() + "?socket=" + socket;
    }
}
