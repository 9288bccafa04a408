package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;

/**
 * Time after a switch in which an image has to prove itself: its health command is run again and
 * again until it ends well, or the time is over. Thread-safe.
 */
final class Probation {
    private static final Logger LOG = LoggerFactory.getLogger(Probation.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String volume;
    private final Failed failed;

    // Guarded by the monitor.
    private @Nullable Thread thread;

    /** Is told of an image that did not prove itself. */
    @FunctionalInterface
    interface Failed {
        void image(Digest image, String why);
    }

    Probation(String volume, Failed failed) {
        this.volume = volume;
        this.failed = failed;
    }

    /** Begins for an image; what was under way for another one ends. */
    synchronized void begin(Digest image, HealthCommand by) {
        end();
        if (by.isThere()) {
            thread = Thread.ofVirtual().name("health-" + volume).start(() -> run(image, by));
        }
    }

    /** Ends without a result. */
    synchronized void end() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    /** Gives itself up, unless it was ended: whoever is told then ends no thread of its own. */
    private synchronized boolean isOver() {
        if (thread != Thread.currentThread()) {
            return false;
        }
        thread = null;
        return true;
    }

    private void run(Digest image, HealthCommand by) {
        long begin = System.nanoTime();
        try {
            Duration left = by.within();
            Optional<String> wrong = Optional.of("there was no time for it");
            while (left.isPositive()) {
                wrong = by.run(volume, image, left);
                if (wrong.isEmpty()) {
                    LOG.info("volume {}: image {} is healthy", volume, image);
                    return;
                }
                left = by.within().minusNanos(System.nanoTime() - begin);
                if (left.isPositive()) {
                    Thread.sleep(left.compareTo(PAUSE) < 0 ? left : PAUSE);
                    left = by.within().minusNanos(System.nanoTime() - begin);
                }
            }
            if (isOver()) {
                failed.image(image, wrong.orElseThrow());
            }
        } catch (InterruptedException _) {
            LOG.debug(
                    "volume {}: the health of image {} is of no interest any more", volume, image);
        }
    }
}
