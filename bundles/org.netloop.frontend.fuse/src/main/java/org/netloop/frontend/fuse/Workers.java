package org.netloop.frontend.fuse;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that answer the requests of one mount, each in a loop of libfuse. They are Java's own: a
 * thread of libfuse would be made known to the virtual machine, and forgotten, for each request,
 * which costs more than a warm read. Thread-safe.
 *
 * <p>Invariant: while fewer than the most are there, one of them is not inside a read.
 */
final class Workers {
    /** So many reads may wait at a time; more wait in the kernel. */
    private static final int MOST = 128;

    private final String name;
    private final Runnable loop;
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /**
     * None yet.
     *
     * @param name of the threads
     * @param loop answers requests until it is unmounted
     */
    Workers(String name, Runnable loop) {
        this.name = name;
        this.loop = loop;
    }

    /** Starts the first one. */
    void start() {
        add();
    }

    private void add() {
        if (threads.incrementAndGet() > MOST) {
            threads.decrementAndGet();
            return;
        }
        idle.incrementAndGet();
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            loop.run();
        } finally {
            if (threads.decrementAndGet() == 0) {
                ended.complete(null);
            }
        }
    }

    /** The thread that calls may have to wait now. */
    void busy() {
        if (idle.decrementAndGet() <= 0) {
            add();
        }
    }

    /** It waits no more. */
    void free() {
        idle.incrementAndGet();
    }

    /** Waits until all have ended: the mount has gone. */
    void join() {
        ended.join();
    }
}
