package org.netloop.cache.redis;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Sends what waits, one change at a time, and looks now and then what the server says of itself.
 * While a server refuses blocks, because it is full or only to be read, nothing is sent for a
 * while. Thread-safe.
 */
final class Sender implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofSeconds(10);

    /** Pause before the first look, while the server may not be there yet. */
    private static final Duration SOON = Duration.ofMillis(500);

    private final String prefix;
    private final Duration answer;
    private final Link link;
    private final Backlog backlog;
    private final Figures figures;
    private final Thread thread =
            Thread.ofVirtual().name("netloop-redis-sender").unstarted(this::run);
    private volatile Described described = Described.NOTHING;
    private volatile String refusal = "";
    private volatile long resumes = System.nanoTime();
    private long nextLook = System.nanoTime();
    private boolean looked;

    /**
     * @param prefix of all keys
     * @param answer longest time for one change
     */
    Sender(String prefix, Duration answer, Link link, Backlog backlog, Figures figures) {
        this.prefix = prefix;
        this.answer = answer;
        this.link = link;
        this.backlog = backlog;
        this.figures = figures;
    }

    void start() {
        thread.start();
    }

    /** Returns whether it makes sense to give it a block. */
    boolean takesBlocks() {
        return link.isUp() && (refusal.isEmpty() || System.nanoTime() - resumes >= 0);
    }

    /** Returns why the server refused the last block; empty if it took it. */
    String refusal() {
        return refusal;
    }

    /** Returns what the servers said of themselves last. */
    Described described() {
        return described;
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                Backlog.Change next = backlog.take(looked ? LOOK_EVERY : SOON);
                try {
                    if (next != null) {
                        send(next);
                    }
                } finally {
                    backlog.done();
                }
                if (link.isUp() && System.nanoTime() - nextLook >= 0) {
                    look();
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("nothing more is sent");
        }
    }

    private void send(Backlog.Change change) {
        if (!link.isUp()) {
            backlog.clear();
            return;
        }
        byte[] name = name(prefix, change);
        byte[] bytes = change.bytes();
        try {
            if (bytes == null) {
                link.tell(answer, client -> client.del(name));
            } else if (takesBlocks()
                    && link.tell(answer, client -> client.set(name, bytes)) != null) {
                figures.puts.increment();
                refusal = "";
            }
        } catch (Link.RefusedException e) {
            refused(String.valueOf(e.getMessage()));
        }
    }

    private static byte[] name(String prefix, Backlog.Change change) {
        return (prefix + change.key()).getBytes(StandardCharsets.UTF_8);
    }

    private void refused(String why) {
        figures.refused.increment();
        if (!why.equals(refusal)) {
            LOG.warn(
                    "the shared cache takes no blocks, and is given none for {} s: {}",
                    REST.toSeconds(),
                    why);
        }
        resumes = System.nanoTime() + REST.toNanos();
        refusal = why;
        backlog.clear();
    }

    private void look() {
        nextLook = System.nanoTime() + LOOK_EVERY.toNanos();
        looked = true;
        try {
            Described now = link.tell(answer, client -> Described.of(Clients.describe(client)));
            if (now != null) {
                described = now;
            }
        } catch (Link.RefusedException e) {
            // A user need not be allowed to.
            LOG.debug("the server does not describe itself: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
