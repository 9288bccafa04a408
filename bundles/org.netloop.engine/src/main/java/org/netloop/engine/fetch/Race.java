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
 * One errand at one mirror, and at a second one when the first takes longer than it usually does:
 * the first good answer wins, the other one is given up. Used once, by one thread.
 */
final class Race {

    /**
     * Lets one leg at a time check what came, and none after one has won: a check writes to the
     * reader's buffer.
     */
    private static final class Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private boolean won;

        Check guarding(Check check) {
            return (bytes, from, object) -> {
                enter();
                boolean good = false;
                try {
                    check.accept(bytes, from, object);
                    good = true;
                } finally {
                    won = good;
                    lock.unlock();
                }
            };
        }

        /** Returns once no leg is inside a check, and lets none in any more. */
        void shut() {
            lock.lock();
            try {
                won = true;
            } finally {
                lock.unlock();
            }
        }

        private void enter() throws InterruptedException {
            lock.lockInterruptibly();
            if (won) {
                lock.unlock();
                throw new InterruptedException("another mirror was faster");
            }
        }
    }

    /** The end of one leg; good if nothing was thrown. */
    private record Outcome(Mirror mirror, @Nullable Throwable thrown) {
        boolean isGood() {
            return thrown == null;
        }
    }

    private final Stage next;
    private final Errand errand;
    private final Gate gate = new Gate();
    private final Check check;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private boolean askedSecond;

    /**
     * @param next asks one mirror
     * @param errand told of the legs that failed
     */
    Race(Stage next, Errand errand) {
        this.next = next;
        this.errand = errand;
        this.check = gate.guarding(errand.check());
    }

    /**
     * Runs it. Both legs have ended, or write to no buffer of the caller's any more, when it
     * returns or throws.
     *
     * @param mayHedge asked again and again once the first mirror is late
     * @throws FetchException the last failure, if what was wanted did not come
     */
    void run(Mirror first, Mirror second, Duration tail, BooleanSupplier mayHedge)
            throws FetchException, BackendException, InterruptedException {
        ByteBuffer into = errand.into();
        int start = into.position();
        // Not asked for later: the first leg moves the position.
        int room = into.remaining();
        long began = System.nanoTime();
        Thread firstLeg = start(first, into);
        Thread secondLeg = null;
        try {
            Outcome outcome = outcomes.poll(tail.toNanos(), TimeUnit.NANOSECONDS);
            while (outcome == null && !mayHedge.getAsBoolean()) {
                outcome = outcomes.poll(Math.max(1, tail.toMillis() / 2), TimeUnit.MILLISECONDS);
            }
            if (outcome != null) {
                conclude(outcome);
                return;
            }
            askedSecond = true;
            ByteBuffer spare = ByteBuffer.allocate(room);
            secondLeg = start(second, spare);
            outcome = outcomes.take();
            if (!outcome.isGood()) {
                note(outcome);
                outcome = outcomes.take();
            }
            if (outcome.isGood() && outcome.mirror() == second) {
                first.outrun(System.nanoTime() - began, spare.position());
                end(firstLeg);
                into.position(start).put(spare.flip());
            }
            conclude(outcome);
        } finally {
            if (secondLeg != null) {
                secondLeg.interrupt();
            }
            end(firstLeg);
            // The second leg may hang with its own buffer, but its check writes to the caller's.
            gate.shut();
        }
    }

    /** Returns whether the second mirror was asked too. */
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
            next.fetch(errand.at(mirror, buffer, check));
            outcomes.add(new Outcome(mirror, null));
        } catch (InterruptedException e) {
            outcomes.add(
                    new Outcome(
                            mirror,
                            new FetchException.Unavailable(mirror.base() + " was given up", e)));
        } catch (FetchException | BackendException | RuntimeException | Error e) {
            // Thrown again by the thread that waits for it.
            outcomes.add(new Outcome(mirror, e));
        }
    }

    private void conclude(Outcome outcome) throws FetchException, BackendException {
        note(outcome);
        if (outcome.thrown() instanceof FetchException e) {
            throw e;
        }
    }

    private void note(Outcome outcome) throws BackendException {
        switch (outcome.thrown()) {
            case FetchException e -> errand.attempts().add(outcome.mirror(), e);
            case BackendException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> {}
        }
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
