package org.netloop.control.socket;

import com.fasterxml.jackson.jr.ob.JSON;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Answers whoever may open a socket in the file system: the owner of the deployment, and nobody
 * else. A client sends one JSON object in one line, {@code {"do": …}}, and is answered by one,
 * {@code {"ok": true, …}} or {@code {"ok": false, "error": …}}.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int LONGEST_LINE = 64 << 10;
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

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
    private final Semaphore clients = new Semaphore(CLIENTS);

    /**
     * Listens.
     *
     * @param file made readable and writable for its owner only, in a directory of the same kind
     */
    public ControlSocket(Path file, Handler handler) throws IOException {
        this.file = file;
        this.handler = handler;
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory.getParent());
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        removeAbandoned();
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw new IOException(file + " cannot be listened at: " + e.getMessage(), e);
        }
        Thread.ofVirtual().name("control-" + file).start(this::accept);
    }

    private void removeAbandoned() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            throw new AlreadyRunningException(
                    "a deployment answers at " + file + " already; choose another --state");
        } catch (AlreadyRunningException e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("{} is left from a deployment that ended: {}", file, e.getMessage());
            Files.delete(file);
        }
    }

    private static final class AlreadyRunningException extends IOException {
        private static final long serialVersionUID = 1L;

        private AlreadyRunningException(String message) {
            super(message);
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                clients.acquire();
                Thread.ofVirtual().name("control-client").start(() -> serve(client));
            }
        } catch (ClosedChannelException | InterruptedException _) {
            LOG.debug("{} is closed", file);
        } catch (IOException e) {
            LOG.error("{} answers no more", file, e);
        }
    }

    private void serve(SocketChannel client) {
        // Who says nothing does not keep a place for ever; an answer may take its time.
        Thread impatience =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        Thread.sleep(PATIENCE);
                                        client.close();
                                    } catch (IOException | InterruptedException e) {
                                        LOG.debug("control client: {}", e.toString());
                                    }
                                });
        try (client) {
            String line = readLine(client);
            impatience.interrupt();
            OutputStream out = Channels.newOutputStream(client);
            out.write((JSON.std.asString(answer(line)) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("a control client left: {}", e.toString());
        } finally {
            impatience.interrupt();
            clients.release();
        }
    }

    private static String readLine(SocketChannel client) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(client), StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() == LONGEST_LINE) {
                throw new IOException("a request has more than " + LONGEST_LINE + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private Map<String, Object> answer(String line) {
        Map<String, Object> answer = new LinkedHashMap<>();
        try {
            Map<String, Object> request = JSON.std.mapFrom(line);
            Map<String, ?> result = handler.answer(request == null ? Map.of() : request);
            answer.put("ok", true);
            answer.putAll(result);
        } catch (IOException | IllegalArgumentException e) {
            answer.put("ok", false);
            answer.put("error", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.put("ok", false);
            answer.put("error", "the deployment is being stopped");
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a request at {} could not be dealt with", file, e);
            answer.put("ok", false);
            answer.put("error", "it failed: " + e + "; the deployment's log says where");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(file);
    }

    /**
     * Asks a deployment for something.
     *
     * @throws IOException if it does not answer, or with its error
     */
    public static Map<String, Object> ask(Path file, Map<String, ?> request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            Channels.newOutputStream(channel)
                    .write((JSON.std.asString(request) + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] answer = Channels.newInputStream(channel).readAllBytes();
            Map<String, Object> members =
                    JSON.std.mapFrom(new String(answer, StandardCharsets.UTF_8));
            if (members == null || !Boolean.TRUE.equals(members.get("ok"))) {
                throw new IOException(
                        members == null
                                ? "the deployment at " + file + " gave no answer"
                                : String.valueOf(members.get("error")));
            }
            return members;
        }
    }
}
