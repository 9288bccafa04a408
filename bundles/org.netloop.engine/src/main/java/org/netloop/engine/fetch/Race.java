package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Trail;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One fetch at one mirror, and at a second one when the first takes longer than it usually does:
 * the first good answer wins, the other one is given up. Used once, by one thread.
 */
final class Race {

    /** Fetches from one mirror into a buffer. */
    @FunctionalInterface
    interface Leg {
        /**
         * @param gate to be passed before what came is looked at
         * @return why nothing usable came; null if it did
         */
        @Nullable FetchException run(Mirror mirror, ByteBuffer into, Gate gate)
                throws BackendException, InterruptedException;
    }

    /**
     * What came is checked by one leg at a time, and by none after one has won: a check writes to
     * the reader's buffer.
     */
    static final class Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private boolean won;

        /** Open for good: for a fetch that has no rival. */
        static Gate open() {
            return new Gate();
        }

        void enter() throws InterruptedException {
            lock.lockInterruptibly();
            if (won) {
                lock.unlock();
                throw new InterruptedException("another mirror was faster");
            }
        }

        /**
         * @param good whether what came is what was wanted
         */
        void leave(boolean good) {
            won = good;
            lock.unlock();
        }
    }

    private record Outcome(
            Mirror mirror, @Nullable FetchException failure, @Nullable Throwable defect) {
        boolean isGood() {
            return failure == null && defect == null;
        }
    }

    private final Leg leg;
    private final ByteBuffer into;
    private final Attempts attempts;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final Gate gate = new Gate();
    private boolean askedSecond;

    /**
     * @param into where what came belongs, from its position on
     * @param attempts told of the legs that failed
     */
    Race(Leg leg, ByteBuffer into, Attempts attempts) {
        this.leg = leg;
        this.into = into;
        this.attempts = attempts;
    }

    /**
     * Runs it. Both legs have ended, or write to no buffer of the caller's any more, when it
     * returns.
     *
     * @param mayHedge asked again and again once the first mirror is late
     * @return the last failure; null if what was wanted came
     */
    @Nullable FetchException run(
            Mirror first, Mirror second, Duration tail, BooleanSupplier mayHedge)
            throws BackendException, InterruptedException {
        int start = into.position();
        // Not asked for later: the first leg moves the position.
        int room = into.remaining();
        long began = System.nanoTime();
        Thread firstLeg = start(first, into);
        Thread secondLeg = null;
        ByteBuffer spare = null;
        try {
            Outcome outcome = outcomes.poll(tail.toNanos(), TimeUnit.NANOSECONDS);
            while (outcome == null && !mayHedge.getAsBoolean()) {
                outcome = outcomes.poll(Math.max(1, tail.toMillis() / 2), TimeUnit.MILLISECONDS);
            }
            if (outcome != null) {
                return conclude(outcome);
            }
            askedSecond = true;
            spare = ByteBuffer.allocate(room);
            secondLeg = start(second, spare);
            outcome = outcomes.take();
            if (!outcome.isGood()) {
                conclude(outcome);
                outcome = outcomes.take();
            }
            if (outcome.isGood() && outcome.mirror() == second) {
                first.outrun(System.nanoTime() - began, spare.position());
                end(firstLeg);
                into.position(start).put(spare.flip());
            }
            return conclude(outcome);
        } finally {
            if (secondLeg != null) {
                secondLeg.interrupt();
            }
            end(firstLeg);
        }
    }

    /** Whether the second mirror was asked too. */
    boolean askedSecond() {
        return askedSecond;
    }

    private Thread start(Mirror mirror, ByteBuffer buffer) {
        return Thread.ofVirtual()
                .name("fetch-" + mirror.base().getHost())
                .start(Trail.along(() -> run(mirror, buffer)));
    }

    private void run(Mirror mirror, ByteBuffer buffer) {
        try {
            outcomes.add(new Outcome(mirror, leg.run(mirror, buffer, gate), null));
        } catch (InterruptedException e) {
            outcomes.add(
                    new Outcome(
                            mirror,
                            new FetchException.Unavailable(mirror.base() + " was given up", e),
                            null));
        } catch (BackendException | RuntimeException | Error e) {
            // Thrown again by whoever waits for it.
            outcomes.add(new Outcome(mirror, null, e));
        }
    }

    private @Nullable FetchException conclude(Outcome outcome) throws BackendException {
        switch (outcome.defect()) {
            case BackendException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
        if (outcome.failure() != null) {
            attempts.add(outcome.mirror(), outcome.failure());
        }
        return outcome.failure();
    }

    /** The buffer is the caller's: it is not given back before nobody writes to it any more. */
    private static void end(Thread leg) {
        leg.interrupt();
        boolean interrupted = false;
        while (leg.isAlive()) {
            try {
                leg.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
