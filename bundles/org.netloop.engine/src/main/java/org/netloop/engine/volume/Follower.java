package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Looks at the channel of a volume now and then. Thread-safe. */
final class Follower {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** Jitter: a pause is from three quarters of the interval to five quarters of it. */
    private static final double LEAST_SHARE = 0.75;

    private final String volume;
    private final Look look;

    // Guarded by the monitor.
    private @Nullable Thread thread;
    private Duration interval = Duration.ZERO;
    private boolean closed;

    /** Looks once. */
    @FunctionalInterface
    interface Look {
        /**
         * Returns what came of it.
         *
         * @param mostAge what others learned of the channel within this time will do
         */
        String once(Duration mostAge) throws IOException, InterruptedException;
    }

    Follower(String volume, Look look) {
        this.volume = volume;
        this.look = look;
    }

    /**
     * Looks at this pace from now on.
     *
     * @param every mean time between two looks; zero: never
     */
    synchronized void follow(Duration every) {
        interval = every;
        if (thread == null && !closed && !every.isZero()) {
            thread = Thread.ofVirtual().name("follow-" + volume).start(this::run);
        }
        notifyAll();
    }

    private void run() {
        try {
            while (awaitTurn()) {
                try {
                    LOG.debug("{}", look.once(leastPause()));
                } catch (IOException | RuntimeException e) {
                    LOG.warn(
                            "volume {} continues with its image, its channel cannot be followed:"
                                    + " {}",
                            volume,
                            Failures.sentence(e));
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("the channel of volume {} is followed no more", volume);
        }
    }

    /** Shorter than any pause: a volume never takes its own look before for the answer. */
    private synchronized Duration leastPause() {
        return Duration.ofMillis((long) (interval.toMillis() * LEAST_SHARE));
    }

    private synchronized boolean awaitTurn() throws InterruptedException {
        double share = LEAST_SHARE + ThreadLocalRandom.current().nextDouble() / 2;
        long begin = System.nanoTime();
        while (!closed) {
            long left =
                    interval.isZero()
                            ? Long.MAX_VALUE
                            : (long) (interval.toMillis() * share)
                                    - (System.nanoTime() - begin) / 1_000_000;
            if (left <= 0) {
                return true;
            }
            wait(left);
        }
        return false;
    }

    /** Ends. A look that is under way is interrupted, and not waited for. */
    void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            notifyAll();
            running = thread;
        }
        if (running != null) {
            running.interrupt();
        }
    }
}
