package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.lease.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps mirrors known that no reader was sent to for a while: now and then one of them is asked for
 * the beginning of what another one gave just now. Thread-safe.
 *
 * <p>It goes by fetches, not by a clock: while nothing is read, nothing need be known.
 */
final class Probe {
    private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

    /** Age after which a measurement no longer counts as known. */
    private static final Duration STALE = Duration.ofSeconds(15);

    /** Enough to tell a rate by, and little beside what is read in that time. */
    private static final int LONGEST = 64 << 10;

    private final LongSupplier clock;
    private final AtomicLong nextNanos;

    /**
     * @param clock as {@link System#nanoTime}
     */
    Probe(LongSupplier clock) {
        this.clock = clock;
        this.nextNanos = new AtomicLong(clock.getAsLong());
    }

    /** Asks one mirror. */
    @FunctionalInterface
    interface Question {
        /** Fetches from a mirror, which notes what it measures; what came is of no interest. */
        void ask(Mirror mirror, Wanted wanted, ByteBuffer into)
                throws FetchException, BackendException, InterruptedException;
    }

    /**
     * Reports a fetch that ended well; returns at once.
     *
     * @param mirrors those that are kept known
     * @param length how many bytes came, at least 1
     */
    void after(List<Mirror> mirrors, Wanted wanted, int length, Question question) {
        long now = clock.getAsLong();
        long next = nextNanos.get();
        if (now - next < 0 || !nextNanos.compareAndSet(next, now + STALE.toNanos())) {
            return;
        }
        int part = Math.min(length, LONGEST);
        for (Mirror mirror : mirrors) {
            if (mirror.unmeasuredFor().compareTo(STALE) >= 0 && mirror.isGood()) {
                Wanted begin = new Wanted(wanted.path(), wanted.offset(), part, FetchPurpose.PROBE);
                Thread.ofVirtual()
                        .name("probe-" + mirror.base().getHost())
                        .start(() -> ask(mirror, begin, question));
            }
        }
    }

    private static void ask(Mirror mirror, Wanted wanted, Question question) {
        try {
            question.ask(mirror, wanted, ByteBuffer.allocate((int) wanted.length()));
        } catch (FetchException | BackendException e) {
            // The mirror has noted it; no reader is concerned.
            LOG.debug("probing {}: {}", mirror.base().getHost(), e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
