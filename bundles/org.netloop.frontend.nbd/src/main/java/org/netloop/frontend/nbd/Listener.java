package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Printable;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.netloop.api.systemd.PassedSockets;
import org.netloop.frontend.nbd.Handshake.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** A place where clients connect, and the exports they find there. Thread-safe. */
final class Listener implements Exports {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** The kernel allows no more than net.core.somaxconn. */
    private static final int BACKLOG = 1024;

    private static final int SOCKET_BUFFER = 1 << 20;
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_MS = 1_000;

    /** Length in bytes of the prefix of an IPv6 address that identifies a site. */
    private static final int PREFIX = 8;

    private final Place place;
    private final Place bound;
    private final Set<PosixFilePermission> mode;
    private final Tls tls;
    private final ServerSocketChannel server;
    private final @Nullable UnixSocket socket;
    private final Memory memory;
    private final Clients clients;
    private final Semaphore requests;
    private final Repeated complaints = new Repeated(System::nanoTime, LOG::info);

    /** Exports in the order they were attached; guarded by the monitor. */
    private final List<Export> exports = new ArrayList<>();

    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    private final Thread watcher =
            Thread.ofVirtual().name("netloop-nbd-watch").unstarted(this::watch);

    /** Set before all clients that are known are turned out. */
    private volatile boolean turnsOut;

    /**
     * Bounds that all places of a frontend share.
     *
     * @param requests what the requests of all clients share
     */
    record Common(Memory memory, Clients clients, Semaphore requests) {}

    /**
     * Listens; clients are taken once it is {@linkplain #start started}.
     *
     * @param common what it shares with the other places
     */
    Listener(Place place, Set<PosixFilePermission> mode, Tls tls, Common common)
            throws IOException {
        this.place = place;
        this.mode = mode;
        this.tls = tls;
        this.memory = common.memory();
        this.clients = common.clients();
        this.requests = common.requests();
        this.socket =
                place.socketOrNull() == null
                        ? null
                        : UnixSocket.listen(place.socketOrNull(), mode, BACKLOG);
        this.server =
                socket == null ? TcpSocket.listen(place, tls.mode(), BACKLOG) : socket.server();
        this.bound = place.withPortOf(server);
        this.acceptor =
                Thread.ofPlatform()
                        .daemon()
                        .name("netloop-nbd-accept")
                        .unstarted(
                                new Acceptor(
                                        address(),
                                        server::accept,
                                        this::serve,
                                        clients::makeRoom,
                                        Thread::sleep));
    }

    void start() {
        acceptor.start();
        watcher.start();
    }

    /** Takes over a client that connected; on the acceptor's thread. */
    private void serve(SocketChannel channel) {
        boolean served = false;
        Connection connection = null;
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
            if (socket == null) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
            connection =
                    new Connection(channel, source(channel), this, memory, new InFlight(requests));
            clients.admit(connection);
            connections.add(connection);
            // A platform thread: waking a virtual one for each small request costs half of the
            // time it takes.
            Thread.ofPlatform().daemon().name("netloop-nbd").start(connection);
            served = true;
            if (turnsOut) {
                // It came in while all that were known were turned out.
                connection.turnOut();
            }
        } catch (IOException e) {
            LOG.debug("a client went away before it was served: {}", e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (!served) {
                close(channel);
                if (connection != null) {
                    ended(connection);
                }
            }
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection could not be closed: {}", e.getMessage());
        }
    }

    /** The address; of IPv6 its first half, as a site has all of the second; or the socket. */
    private Object source(SocketChannel channel) throws IOException {
        if (!(channel.getRemoteAddress() instanceof InetSocketAddress remote)) {
            return address();
        }
        InetAddress address = remote.getAddress();
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, PREFIX) + "::/64"
                : address.getHostAddress();
    }

    private void watch() {
        try {
            while (server.isOpen()) {
                Thread.sleep(LOOK_EVERY_MS);
                clients.sweep();
            }
        } catch (InterruptedException _) {
            LOG.debug("{} is closed", address());
        }
    }

    /** A client broke the protocol. */
    void complain(Object source, ProtocolException e) {
        complaints.happened(
                "a client of "
                        + address()
                        + (socket == null ? " from " + source : "")
                        + " is disconnected: "
                        + Printable.line(String.valueOf(e.getMessage())));
    }

    /** A client lacks memory for TLS. */
    void makeRoomForTls() {
        clients.makeRoomForTls();
    }

    /** A client leaves, and gives its seat to others. */
    void left(Connection connection) {
        clients.left(connection);
    }

    void ended(Connection connection) {
        left(connection);
        connections.remove(connection);
        synchronized (this) {
            notifyAll();
        }
    }

    /**
     * Finds an export. The empty name, if no export has it, selects the first one configured, if
     * that is attached.
     */
    @Override
    public synchronized @Nullable Export find(String name) {
        Export first = null;
        for (Export export : exports) {
            if (export.name().equals(name)) {
                return export;
            }
            first = first == null && export.rank() == 0 ? export : first;
        }
        return name.isEmpty() ? first : null;
    }

    @Override
    public synchronized List<Export> all() {
        return List.copyOf(exports);
    }

    synchronized void add(Export export) throws IOException {
        if (exports.stream().anyMatch(known -> known.name().equals(export.name()))) {
            throw new IOException(
                    "there is an export '"
                            + Printable.line(export.name())
                            + "' at "
                            + address()
                            + " already; name this one by the option export");
        }
        exports.add(export);
    }

    /** Lets a client in that chose an export; from then on it is counted among its readers. */
    synchronized Entry enter(Connection connection, Export export) {
        if (!exports.contains(export)) {
            return Entry.GONE;
        }
        if (!clients.seat(connection)) {
            return Entry.FULL;
        }
        connection.reads(export);
        return Entry.ENTERED;
    }

    /** Takes an export away: its clients get their answers and are disconnected. */
    void remove(Export export) {
        List<Connection> readers;
        synchronized (this) {
            exports.remove(export);
            readers = connections.stream().filter(c -> c.isReading(export)).toList();
        }
        readers.forEach(Connection::shutInput);
        awaitEnd(readers);
        readers.forEach(Connection::turnOut);
    }

    private synchronized void awaitEnd(List<Connection> readers) {
        long end = System.nanoTime() + LONGEST_DRAIN.toNanos();
        try {
            for (long left = LONGEST_DRAIN.toNanos();
                    left > 0 && readers.stream().anyMatch(connections::contains);
                    left = end - System.nanoTime()) {
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized boolean isEmpty() {
        return exports.isEmpty();
    }

    /** Returns its socket for a successor. */
    Passed passOn() throws IOException {
        return PassedSockets.ofThisProcess().passOn(server, place.address());
    }

    /** Returns its socket for a process that stands by. */
    Passed share() throws IOException {
        return PassedSockets.ofThisProcess().share(server, place.address());
    }

    /** Takes no more clients; those that are there stay. */
    void leave() throws IOException {
        try {
            server.close();
        } finally {
            awaitLastClient();
        }
    }

    /**
     * Waits until the acceptor has seen that its door is closed. Until then it takes one more
     * client: of a socket that another process has as well, one that the next server should have.
     */
    private void awaitLastClient() {
        try {
            acceptor.join(LONGEST_DRAIN.toMillis());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    void close() throws IOException {
        try {
            if (socket == null) {
                server.close();
            } else {
                socket.close();
            }
        } finally {
            watcher.interrupt();
            turnsOut = true;
            // The acceptor sees by itself that its door is closed. Interrupted, it would lose a
            // client that is just coming in: the channel then throws, and keeps what it accepted.
            connections.forEach(Connection::turnOut);
            awaitLastClient();
        }
    }

    /** The permissions its socket has, if it is one. */
    Set<PosixFilePermission> mode() {
        return mode;
    }

    Tls tls() {
        return tls;
    }

    /** The address it is really bound to. */
    String address() {
        return bound.text();
    }

    /** Returns the URI by which a client names one of its exports. */
    String uri(Export export) {
        boolean needsTls = tls.mode() == TlsMode.REQUIRED || !export.clients().isOpen();
        return bound.uri(export.name(), needsTls);
    }
}
