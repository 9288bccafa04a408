package org.netloop.api.status;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts durations in buckets that are twice as wide as the one before: from 1 µs to 2^25 µs, which
 * is 33.6 s, and one for all that are longer. Thread-safe: adding takes no lock and no memory.
 */
public final class Durations {
    private static final int MICRO = 1_000;
    private static final double NANOS = 1e9;

    /** A hundred days: the sum of what is counted stays in its range. */
    private static final long LONGEST = 100L * 24 * 3600 * 1_000_000_000;

    /** Upper bounds of all buckets but the last, in seconds. */
    private static final List<Double> BOUNDS =
            IntStream.range(0, 26).mapToObj(i -> (1L << i) / 1e6).toList();

    private final LongAdder[] counts = new LongAdder[BOUNDS.size() + 1];
    private final LongAdder nanos = new LongAdder();

    /** Creates an empty one. */
    public Durations() {
        Arrays.setAll(counts, _ -> new LongAdder());
    }

    /**
     * Adds a duration.
     *
     * @param took in nanoseconds; one below 0 counts as 0, one above 100 days as 100 days
     */
    public void add(long took) {
        long counted = Math.clamp(took, 0, LONGEST);
        counts[bucket(counted)].increment();
        nanos.add(counted);
    }

    /** Adds the time since a moment, which {@link System#nanoTime} told. */
    public void since(long began) {
        add(System.nanoTime() - began);
    }

    private static int bucket(long nanos) {
        long micros = Math.ceilDiv(nanos, MICRO);
        int doublings = micros <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(micros - 1);
        return Math.min(doublings, BOUNDS.size());
    }

    /** Returns all that was added so far, in seconds. */
    public Measure.Histogram histogram() {
        return new Measure.Histogram(
                BOUNDS, Arrays.stream(counts).map(LongAdder::sum).toList(), nanos.sum() / NANOS);
    }
}
