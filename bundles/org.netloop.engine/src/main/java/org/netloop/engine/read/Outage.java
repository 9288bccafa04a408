package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the flights of a volume that never gives up wait for a mirror without the buffers that they
 * fly with: while no mirror answers, few of them try and all others wait. Thread-safe.
 */
final class Outage {
    private final RetryPolicy policy;

    /** Fair: who cannot land does not come before those that could. */
    private final Semaphore tries = new Semaphore(RetryPolicy.TRIES_IN_AN_OUTAGE, true);

    private final AtomicLong landed = new AtomicLong();

    /** Counts the ends of outages; guarded by the monitor. */
    private long ends;

    private volatile boolean on;

    Outage(RetryPolicy policy) {
        this.policy = policy;
    }

    /** Flies once, with buffers of its own. */
    @FunctionalInterface
    interface Flown {
        /**
         * @param time how long it may take
         */
        void by(Duration time) throws FetchException, InterruptedException;
    }

    /** Tells whether a reader still waits for the flight. */
    @FunctionalInterface
    interface Wanted {
        boolean isStill();
    }

    /**
     * Flies until it is there, if the volume never gives up; else once.
     *
     * @param time how long it may take, if the volume does give up
     * @throws FetchException if no mirror has it, or nobody waits for it any more
     */
    void fly(Duration time, Wanted wanted, Flown flown)
            throws FetchException, InterruptedException {
        if (!policy.isEndless()) {
            flown.by(time);
            return;
        }
        for (int round = 0; ; round++) {
            long before = ends();
            long landedBefore = landed.get();
            try {
                tryOnce(flown);
                over();
                return;
            } catch (FetchException.Unavailable e) {
                // If others landed meanwhile it is this block that does not come, and no outage.
                if (landed.get() == landedBefore) {
                    on = true;
                }
                if (!wanted.isStill()) {
                    throw e;
                }
                pause(round, before);
            }
        }
    }

    private void tryOnce(Flown flown) throws FetchException, InterruptedException {
        if (!on) {
            flown.by(policy.ofAttempt());
            return;
        }
        tries.acquire();
        try {
            flown.by(policy.ofAttempt());
        } finally {
            tries.release();
        }
    }

    private synchronized long ends() {
        return ends;
    }

    private void over() {
        landed.incrementAndGet();
        if (on) {
            synchronized (this) {
                on = false;
                ends++;
                notifyAll();
            }
        }
    }

    /** Pauses until another try is worthwhile, or another flight has landed. */
    private synchronized void pause(int round, long before) throws InterruptedException {
        Deadline end = Deadline.in(Duration.ofMillis(RetryPolicy.OUTAGE.millis(round)));
        while (ends == before && !end.passed()) {
            wait(Math.max(1, end.left().toMillis()));
        }
    }
}
