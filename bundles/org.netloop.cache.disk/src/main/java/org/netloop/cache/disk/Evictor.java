package org.netloop.cache.disk;

import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/** One thread that first looks through the directory and then evicts when it is woken. */
final class Evictor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);
    private static final int STEP = 256;

    /** Looks through the directory. */
    @FunctionalInterface
    interface Scan {
        void run() throws IOException;
    }

    /** Evicts so many blocks at the most; false if there was no need. */
    @FunctionalInterface
    interface Step {
        boolean run(int count) throws IOException;
    }

    private final Scan scan;
    private final Step step;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("netloop-cache-evictor").unstarted(this::work);

    // Both guarded by the monitor.
    private boolean woken;
    private boolean idle;

    Evictor(Scan scan, Step step) {
        this.scan = scan;
        this.step = step;
    }

    void start() {
        thread.start();
    }

    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    synchronized void settle() throws InterruptedException {
        while (woken || !idle) {
            wait();
        }
    }

    private void work() {
        try {
            scan.run();
        } catch (IOException | RuntimeException e) {
            // Without what lies there already, it still evicts what is put from now on.
            LOG.warn("the cache's directory could not be looked through: {}", Failures.sentence(e));
        }
        wake();
        try {
            while (true) {
                await();
                evict();
            }
        } catch (InterruptedException _) {
            LOG.debug("eviction ends");
        }
    }

    private synchronized void await() throws InterruptedException {
        idle = !woken;
        notifyAll();
        while (!woken) {
            wait();
        }
        woken = false;
        idle = false;
    }

    private void evict() throws InterruptedException {
        try {
            while (step.run(STEP)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } catch (IOException | RuntimeException e) {
            // It is woken again while there is need: one bad file does not end eviction for good.
            LOG.warn("the cache could not evict: {}", Failures.sentence(e));
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
