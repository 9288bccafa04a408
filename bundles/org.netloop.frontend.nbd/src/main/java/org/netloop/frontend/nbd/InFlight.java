package org.netloop.frontend.nbd;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The requests of one client that wait for their blocks, each on a virtual thread. A few are always
 * allowed; more only while the requests of all clients together are not too many. Thread-safe.
 */
final class InFlight {
    /** Number of requests that one client may always have under way. */
    static final int GUARANTEED = 16;

    /** And so many if others leave room. */
    static final int MOST = 256;

    /** Number of requests that all clients together may have beyond the guaranteed ones. */
    static final int COMMON = 4096;

    private final Semaphore common;

    /** Guarded by the monitor; those beyond the guaranteed ones hold a permit each. */
    private final Set<Thread> threads = new HashSet<>();

    private boolean cancelled;

    /**
     * @param common the permits that all clients share
     */
    InFlight(Semaphore common) {
        this.common = common;
    }

    /** Waits until one more may be under way, and starts it. */
    synchronized void start(Runnable request) throws InterruptedException {
        while (!admits()) {
            wait();
        }
        Thread thread = Thread.ofVirtual().name("nbd-request").unstarted(() -> run(request));
        boolean started = false;
        threads.add(thread);
        try {
            thread.start();
            started = true;
        } finally {
            if (!started) {
                leave(thread);
            }
        }
        if (cancelled) {
            thread.interrupt();
        }
    }

    private boolean admits() {
        return threads.size() < GUARANTEED || threads.size() < MOST && common.tryAcquire();
    }

    private void run(Runnable request) {
        try {
            request.run();
        } finally {
            leave(Thread.currentThread());
        }
    }

    private synchronized void leave(Thread thread) {
        if (threads.size() > GUARANTEED) {
            common.release();
        }
        threads.remove(thread);
        notifyAll();
    }

    /** Returns whether no request is under way. */
    synchronized boolean isEmpty() {
        return threads.isEmpty();
    }

    /** Gives up those under way, and those to come: nobody waits for their replies. */
    synchronized void cancel() {
        cancelled = true;
        threads.forEach(Thread::interrupt);
    }

    /** Returns when none is under way; those that are after that time are given up. */
    synchronized void finish(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        boolean interrupted = false;
        while (!threads.isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 && !cancelled) {
                cancel();
            }
            try {
                wait(cancelled ? 0 : left);
            } catch (InterruptedException _) {
                interrupted = true;
                cancel();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
