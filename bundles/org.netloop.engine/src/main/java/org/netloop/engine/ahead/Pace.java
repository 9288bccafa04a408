package org.netloop.engine.ahead;

/**
 * Number of fetches that a link carries at a time, from measurements. A fetch tells how much
 * arrived between its begin and its end, and how long that was: the greatest rate and the shortest
 * time of late, multiplied, are what fits on the way. While the rate still grows twice as much is
 * allowed, so that the knee is found in some round trips; then a little more than that, so that
 * little waits in queues when somebody demands a block (BBR: Cardwell et al., ACM Queue 14/5,
 * 2016). Thread-safe.
 */
final class Pace {
    /** The number of streams of the paper. */
    static final int LEAST = 4;

    private static final double GROWING = 2;
    private static final double FOUND = 1.25;

    /** A rate that is older is forgotten, at the latest after twice that time. */
    private static final long RATE_NANOS = 5_000_000_000L;

    /** Distances seldom change, and what waits in our own queue only makes them look longer. */
    private static final long DISTANCE_NANOS = 60_000_000_000L;

    /** Growth factor that is not chance. */
    private static final double GROWTH = 1.1;

    /** The rate has so many times the shortest time to grow. */
    private static final int ROUNDS = 4;

    /** Round trip below which long requests gain nothing, in ns. */
    private static final double NEAR_NANOS = 5e6;

    private static final double RANGE_NANOS = 1e8;
    private static final int LEAST_RANGE = 128 << 10;
    private static final int MOST_RANGE = 2 << 20;

    private final int most;
    private final int mostOfNear;
    private final Recent rate = new Recent(RATE_NANOS);

    /** The reciprocal of the shortest time, so that both are maxima. */
    private final Recent speed = new Recent(DISTANCE_NANOS);

    private long delivered;
    private double meanBytes;
    private double knownRate;
    private long grewNanos;
    private volatile int window = LEAST;
    private volatile long windowBytes;

    /** The maximum of the last one or two spans of time. */
    private static final class Recent {
        private final long span;
        private double now;
        private double before;
        private long since;
        private boolean begun;

        Recent(long span) {
            this.span = span;
        }

        void add(double value, long nanos) {
            if (!begun || nanos - since > span) {
                before = begun && nanos - since < 2 * span ? now : 0;
                now = 0;
                since = nanos;
                begun = true;
            }
            now = Math.max(now, value);
        }

        double max() {
            return Math.max(now, before);
        }

        void scale(double by) {
            now *= by;
            before *= by;
        }
    }

    /**
     * The begin of a fetch.
     *
     * @param nanos when
     * @param delivered how many bytes had arrived by then
     */
    record Mark(long nanos, long delivered) {}

    /**
     * @param most the window's limit
     * @param processors how many of them verify and decode, besides whatever reads
     */
    Pace(int most, int processors) {
        this.most = Math.max(LEAST, most);
        mostOfNear = Math.max(1, processors / 2);
    }

    /** A fetch begins. */
    synchronized Mark begins(long nanos) {
        return new Mark(nanos, delivered);
    }

    /** A fetch has brought so many bytes. */
    synchronized void ended(Mark mark, int bytes, long nanos) {
        delivered += bytes;
        meanBytes = meanBytes == 0 ? bytes : meanBytes + (bytes - meanBytes) / 16;
        double took = Math.max(1, nanos - mark.nanos());
        speed.add(1 / took, nanos);
        rate.add((delivered - mark.delivered()) / took, nanos);
        double shortest = 1 / speed.max();
        if (rate.max() > knownRate * GROWTH || rate.max() < knownRate / 2) {
            knownRate = rate.max();
            grewNanos = nanos;
        }
        double gain = nanos - grewNanos <= ROUNDS * shortest ? GROWING : FOUND;
        double carried = gain * rate.max() * shortest;
        windowBytes = (long) carried;
        window = (int) Math.clamp(Math.ceil(carried / Math.max(1, meanBytes)) + 1, LEAST, most);
    }

    /** A fetch has failed: half of it is enough. */
    synchronized void failed() {
        rate.scale(0.5);
        knownRate /= 2;
        window = Math.max(LEAST, window / 2);
        windowBytes /= 2;
    }

    /**
     * Returns the length of a range of a pack: the bytes of a tenth of a second, so that a reader
     * that waits for its first block does not wait long for the last.
     */
    synchronized int rangeBytes() {
        return (int) Math.clamp(rate.max() * RANGE_NANOS, LEAST_RANGE, MOST_RANGE);
    }

    /**
     * Returns whether one more fetch may start beside those under way. A link carries bytes: where
     * blocks are smaller than those that came of late, more of them than the window says.
     */
    boolean allows(int fetches, long bytes) {
        return fetches < window || fetches < most && bytes < windowBytes;
    }

    /**
     * Returns the number of fetches of blocks like the recent ones that may be under way, at least
     * {@value #LEAST}.
     */
    int window() {
        return window;
    }

    /**
     * Returns the number of fetches that may be under way for blocks that no reader waits for yet.
     * A mirror that is near sends as fast as is decoded: more at a time would only take the
     * processors from whom the blocks are for, a guest that boots on the same machine.
     */
    int quietWindow() {
        double shortest = shortestNanos();
        return shortest > 0 && shortest < NEAR_NANOS ? Math.min(window, mostOfNear) : window;
    }

    /** The shortest time of a fetch of late, in nanoseconds; 0 before the first. */
    synchronized double shortestNanos() {
        return speed.max() == 0 ? 0 : 1 / speed.max();
    }
}
