package org.netloop.control.socket;

import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.netloop.api.file.PrivateDirectory;
import org.netloop.api.message.Failures;
import org.netloop.api.systemd.PassedDescriptors.Passed;
import org.netloop.api.systemd.PassedSockets;
import org.netloop.api.systemd.SocketFile;
import org.netloop.control.config.RefusedException;
import org.netloop.control.registry.TrustedFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Answers clients that may open a socket in the file system: the owner of the deployment, and
 * nobody else. A client sends one JSON object in one line, {@code {"do": …}}, and is answered by
 * one, {@code {"ok": true, …}} or {@code {"ok": false, "error": …}}. Each has a thread and a
 * deadline of its own; clients that say nothing make room for others.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int CLIENTS = 64;
    private static final Set<PosixFilePermission> OWNERS =
            PosixFilePermissions.fromString("rw-------");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_AFTER_FAILURE_MS = 100;

    /** Does what is asked. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called by many threads at once.
         *
         * @return what the answer says
         * @throws IOException with what the client is told instead
         */
        Map<String, ?> answer(Map<String, Object> request) throws IOException, InterruptedException;
    }

    private final Path file;
    private final Handler handler;
    private final ServerSocketChannel server;

    /** Null if the service manager made the socket, to which it belongs. */
    private final @Nullable SocketFile own;

    private final Clients clients;

    /**
     * Listens.
     *
     * @param file made readable and writable for its owner only, in a directory of the same kind;
     *     where the service manager passes a socket for it, that one is used as it is
     * @throws IOException if others may write to the directory, a deployment answers there already,
     *     or there is something else than a socket
     */
    public ControlSocket(Path file, Handler handler) throws IOException {
        this(file, handler, CLIENTS, PATIENCE);
    }

    /**
     * @param most how many clients may be served at once
     * @param patience how long a client may take to ask, and to take its answer
     */
    ControlSocket(Path file, Handler handler, int most, Duration patience) throws IOException {
        this.file = file.toAbsolutePath();
        this.handler = handler;
        this.clients = new Clients(most, patience);
        prepare(Objects.requireNonNull(this.file.getParent()));
        Optional<PassedSockets.Opened> passed =
                PassedSockets.ofThisProcess().open(UnixDomainSocketAddress.of(this.file));
        if (passed.isPresent()) {
            server = passed.get().channel();
            requirePrivate(server, this.file);
            own = passed.get().ours() ? SocketFile.at(this.file) : null;
        } else {
            removeAbandoned();
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            own = bind(server, this.file);
        }
        Thread.ofVirtual().name("control-" + file).start(this::accept);
    }

    /** Refuses a socket of the service manager at which others than its owner could ask. */
    private static void requirePrivate(ServerSocketChannel server, Path file) throws IOException {
        Set<PosixFilePermission> all = Files.getPosixFilePermissions(file);
        if (!OWNERS.containsAll(all)) {
            server.close();
            throw new IOException(
                    "others may open "
                            + file
                            + ", which was passed to this process: set SocketMode=0600");
        }
    }

    private static SocketFile bind(ServerSocketChannel server, Path file) throws IOException {
        try {
            server.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, OWNERS);
            return SocketFile.at(file);
        } catch (IOException e) {
            server.close();
            throw new IOException(
                    "no commands can be taken at " + file + ": " + Failures.sentence(e), e);
        }
    }

    /** Prepares the directory; refuses, as sshd does, one that others could have tampered with. */
    private static void prepare(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, PrivateDirectory.ownersDirectory());
        }
        Optional<String> weakness = PrivateDirectory.weakness(directory);
        if (weakness.isPresent()) {
            throw new IOException(weakness.get() + ", or choose another --state");
        }
    }

    private void removeAbandoned() throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(
                    file + " exists and is not a socket: remove it, or choose another --state");
        }
        if (SocketFile.isServed(file)) {
            throw new IOException(
                    "a deployment answers at " + file + " already; choose another --state");
        }
        LOG.debug("{} is left from a deployment that ended", file);
        Files.delete(file);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                clients.serve(channel, this::answer);
            } catch (ClosedChannelException _) {
                LOG.debug("{} is closed", file);
            } catch (IOException e) {
                LOG.warn("{} cannot take a client: {}", file, Failures.sentence(e));
                pause();
            }
        }
    }

    /** Pauses after a client could not be accepted: a lack of file descriptors passes. */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String answer(String line) throws IOException {
        return JSON.std.asString(Replies.of(() -> request(line), handler, file)) + "\n";
    }

    private static Map<String, Object> request(String line) throws RefusedException {
        try {
            Map<String, Object> request = JSON.std.mapFrom(line);
            return request == null ? Map.of() : request;
        } catch (IOException e) {
            throw new RefusedException(
                    "a request is one JSON object in one line; " + Failures.sentence(e));
        }
    }

    /**
     * Returns the socket for a successor of this process.
     *
     * @throws IOException if it is closed
     */
    public Passed passOn() throws IOException {
        return PassedSockets.ofThisProcess().passOn(server, UnixDomainSocketAddress.of(file));
    }

    /**
     * Returns the socket for a process that stands by.
     *
     * @throws IOException if it is closed
     */
    public Passed share() throws IOException {
        return PassedSockets.ofThisProcess().share(server, UnixDomainSocketAddress.of(file));
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            if (own != null && !PassedSockets.ofThisProcess().isHandedOver()) {
                own.remove();
            }
        } finally {
            clients.close();
        }
    }

    /**
     * Asks a deployment for something.
     *
     * @throws IOException if it does not answer, or with its error
     */
    public static Map<String, Object> ask(Path file, Map<String, ?> request) throws IOException {
        if (!TrustedFiles.isOurs(file)) {
            throw new IOException(
                    file + " belongs to another user, and is not asked: who answers there?");
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            Channels.newOutputStream(channel)
                    .write((JSON.std.asString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            Map<String, Object> members = answer.length == 0 ? null : members(file, answer);
            if (members == null || !Boolean.TRUE.equals(members.get(Replies.OK))) {
                throw new IOException(
                        members == null
                                ? "the deployment at " + file + " gave no answer; ask it again"
                                : String.valueOf(members.get(Replies.ERROR)));
            }
            return members;
        }
    }

    private static @Nullable Map<String, Object> members(Path file, byte[] answer)
            throws IOException {
        try {
            return JSON.std.mapFrom(new String(answer, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException(
                    "the answer of the deployment at "
                            + file
                            + " is not of Netloop: "
                            + Failures.sentence(e),
                    e);
        }
    }
}
