package org.netloop.publish;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for threads that were told to end, though the waiting one may be interrupted itself. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Ending() {}

    /** Waits at most so long. */
    @FunctionalInterface
    interface Wait {
        /** Waits. */
        void await(Duration atMost) throws InterruptedException;
    }

    /**
     * Waits until it has ended; not for ever, as a transport may not heed its interruption. An
     * interruption meanwhile is kept for later.
     *
     * @param what for the log, if it does not end
     */
    static void await(Wait wait, BooleanSupplier runs, String what) {
        boolean interrupted = false;
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (runs.getAsBoolean() && System.nanoTime() < until) {
            try {
                wait.await(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (runs.getAsBoolean()) {
            LOG.warn(
                    "{} does not end {} after it was interrupted; it is left behind",
                    what,
                    PATIENCE);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
