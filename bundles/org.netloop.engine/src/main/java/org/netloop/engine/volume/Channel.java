package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.engine.read.SeenRoots;

import java.io.IOException;
import java.time.Duration;

/**
 * The channel of a volume, and where it led at the last look: another look only asks whether it
 * still leads there, which mirrors answer without sending anything. Thread-safe.
 */
final class Channel {
    private final Source source;

    // Guarded by the monitor.
    private @Nullable Look last;
    private int restarts;

    /** Opens what a channel points to. */
    @FunctionalInterface
    interface Source {
        /** Opens the image that the channel points to now. */
        FoundImage open() throws IOException, InterruptedException;

        /**
         * Asks the mirrors whether roots still are as they were; false if that cannot be told.
         *
         * @param mostAge an answer to anybody that is younger will do
         */
        default boolean leadsThere(SeenRoots roots, Duration mostAge)
                throws IOException, InterruptedException {
            return false;
        }
    }

    /**
     * Image that a look found.
     *
     * @param roots by which it was found
     * @param restarts how often the channel was another one before
     */
    record Look(Digest image, SeenRoots roots, int restarts) {}

    Channel(Source source) {
        this.source = source;
    }

    /** Opens the image that the channel points to now. */
    FoundImage open() throws IOException, InterruptedException {
        return source.open();
    }

    /** Returns whether a look would find the same again. */
    boolean leadsThere(Look look, Duration mostAge) throws IOException, InterruptedException {
        return source.leadsThere(look.roots(), mostAge);
    }

    /** Returns what is to be noted of an image that was found from now on. */
    synchronized int restarts() {
        return restarts;
    }

    /** Notes a look that was worked through, unless the channel is another one by now. */
    synchronized void note(Look look) {
        last = look.restarts() == restarts ? look : last;
    }

    /**
     * Returns the last look; null if there was none.
     *
     * @param present the image that the volume has: opening it was a look, unless a digest named it
     */
    synchronized @Nullable Look last(OpenedVolume present) {
        return last == null && present.isOfChannel()
                ? new Look(present.image().digest(), present.roots(), restarts)
                : last;
    }

    /** Forgets the last look, as another channel may be configured. */
    synchronized void restart() {
        last = null;
        restarts++;
    }
}
