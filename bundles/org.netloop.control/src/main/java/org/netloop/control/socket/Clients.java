package org.netloop.control.socket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The clients of a socket, each with a thread of its own. A client that takes too long to ask, or
 * to take its answer, is dropped; the answer itself may take its time. When there are too many, the
 * one that has been silent for longest makes room. Thread-safe.
 */
final class Clients implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);
    private static final int LONGEST_LINE = 64 << 10;

    /** Makes one line of another. */
    @FunctionalInterface
    interface Answer {
        String to(String line) throws IOException;
    }

    /** One that is connected; compared by identity. */
    private static final class Client {
        private final SocketChannel channel;
        private boolean asked;

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final int most;
    private final Duration patience;

    /** Clients in order of arrival. Guarded by the monitor, as is whether each has asked. */
    private final Set<Client> clients = new LinkedHashSet<>();

    Clients(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /** Serves a client, and returns at once. */
    void serve(SocketChannel channel, Answer answer) {
        Client client = new Client(channel);
        Optional<Client> leaves = Optional.empty();
        synchronized (this) {
            if (clients.size() >= most) {
                leaves = clients.stream().filter(each -> !each.asked).findFirst();
                if (leaves.isEmpty()) {
                    leaves = Optional.of(client);
                }
                clients.remove(leaves.get());
            }
            if (leaves.isEmpty() || leaves.get() != client) {
                clients.add(client);
            }
        }
        leaves.ifPresent(each -> drop(each, "it makes room for others"));
        if (leaves.isEmpty() || leaves.get() != client) {
            Thread.ofVirtual().name("control-client").start(() -> serve(client, answer));
        }
    }

    private void serve(Client client, Answer answer) {
        try (SocketChannel channel = client.channel) {
            Thread untilAsked = deadline(client);
            String line = readLine(channel);
            untilAsked.interrupt();
            synchronized (this) {
                client.asked = true;
            }
            byte[] bytes = answer.to(line).getBytes(StandardCharsets.UTF_8);
            Thread untilTaken = deadline(client);
            OutputStream out = Channels.newOutputStream(channel);
            out.write(bytes);
            untilTaken.interrupt();
        } catch (IOException e) {
            LOG.debug("a control client left: {}", e.toString());
        } finally {
            synchronized (this) {
                clients.remove(client);
            }
        }
    }

    private Thread deadline(Client client) {
        return Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Thread.sleep(patience);
                                drop(client, "it took longer than " + patience.toSeconds() + " s");
                            } catch (InterruptedException _) {
                                // It was in time.
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private static void drop(Client client, String why) {
        LOG.debug("a control client is dropped: {}", why);
        try {
            client.channel.close();
        } catch (IOException e) {
            LOG.debug("a control client cannot be closed: {}", e.toString());
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

    /** Returns the number of connected clients. */
    synchronized int count() {
        return clients.size();
    }

    /** Drops those that have not asked; an answer that is being made is still given. */
    @Override
    public void close() {
        Set<Client> silent;
        synchronized (this) {
            silent = new LinkedHashSet<>(clients);
            silent.removeIf(each -> each.asked);
        }
        silent.forEach(each -> drop(each, "the deployment is being stopped"));
    }
}
