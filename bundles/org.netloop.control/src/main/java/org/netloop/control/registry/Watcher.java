package org.netloop.control.registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * A thread that does something again and again until it is closed. Once it is, nothing of it runs
 * any more. Thread-safe.
 */
public final class Watcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    /** Longest wait for its end; what it calls into may not heed that it is interrupted. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

    private static final Duration INTERRUPTED_EVERY = Duration.ofMillis(100);

    /** Work that is done again and again; ends when it is interrupted. */
    @FunctionalInterface
    public interface Work {
        /**
         * Does it once.
         *
         * @throws InterruptedException if it is to end
         */
        void run() throws InterruptedException;
    }

    private final String name;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Begins.
     *
     * @param name of the thread
     * @param first done once at the beginning
     * @param again done for as long as this is not closed
     */
    public Watcher(String name, Work first, Work again) {
        this.name = name;
        this.thread = Thread.ofVirtual().name(name).start(() -> run(first, again));
    }

    private void run(Work first, Work again) {
        try {
            first.run();
            // Not only until it is interrupted: code of plugins may swallow that.
            while (!closed) {
                again.run();
            }
        } catch (InterruptedException _) {
            LOG.debug("{} ends", name);
        }
    }

    /** Ends it; what is being done is told to give up, and waited for. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        long began = System.nanoTime();
        while (thread.isAlive() && System.nanoTime() - began < ENDS_WITHIN.toNanos()) {
            try {
                thread.join(INTERRUPTED_EVERY);
            } catch (InterruptedException _) {
                interrupted = true;
            }
            thread.interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn(
                    "{} goes on after {} s, though it was told to end",
                    name,
                    ENDS_WITHIN.toSeconds());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
