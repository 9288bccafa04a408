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

    /** Time for answers that are being made when the process ends, mostly of what ends it. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

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
        try (SocketChannel _ = client.channel) {
            // Leaves before the client sees the end: its place is free for whom it sends next.
            try {
                talk(client, answer);
            } finally {
                leave(client);
            }
        } catch (IOException e) {
            LOG.debug("a control client left: {}", e.toString());
        }
    }

    private void talk(Client client, Answer answer) throws IOException {
        Thread untilAsked = deadline(client);
        String line = readLine(client.channel);
        untilAsked.interrupt();
        synchronized (this) {
            client.asked = true;
        }
        byte[] bytes = answer.to(line).getBytes(StandardCharsets.UTF_8);
        Thread untilTaken = deadline(client);
        OutputStream out = Channels.newOutputStream(client.channel);
        out.write(bytes);
        untilTaken.interrupt();
    }

    private synchronized void leave(Client client) {
        clients.remove(client);
        notifyAll();
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

    /**
     * Drops those that have not asked. Answers that are being made are still given: returns once
     * they are, or after a moment.
     */
    @Override
    public void close() {
        Set<Client> silent;
        synchronized (this) {
            silent = new LinkedHashSet<>(clients);
            silent.removeIf(each -> each.asked);
        }
        silent.forEach(each -> drop(each, "the deployment is being stopped"));
        try {
            awaitNone();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitNone() throws InterruptedException {
        long end = System.nanoTime() + LAST_ANSWERS.toNanos();
        for (long left = LAST_ANSWERS.toMillis(); left > 0 && !clients.isEmpty(); ) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }
}
