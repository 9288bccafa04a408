package org.netloop.cache.disk;

import java.io.IOException;

/**
 * Fill levels at which eviction starts and stops: percentages of a budget, or of the file system's
 * space if there is no budget (the paper's cache was bounded at 80 % of the space).
 *
 * @param budget bytes for the cache; 0 if only the file system bounds it
 * @param highPercent above it eviction begins
 * @param lowPercent below it eviction ends
 */
record Watermarks(long budget, int highPercent, int lowPercent) {
    private static final int PERCENT = 100;

    /** Checks the order. */
    Watermarks {
        if (budget < 0 || lowPercent < 1 || lowPercent > highPercent || highPercent > PERCENT) {
            throw new IllegalArgumentException(
                    "watermarks "
                            + lowPercent
                            + " % and "
                            + highPercent
                            + " % of "
                            + budget
                            + " bytes: expected 1 <= low <= high <= 100 and no budget below 0");
        }
    }

    /** Returns the number of bytes to evict; 0 while the cache is below its high watermark. */
    long excess(long cacheBytes, Space space) throws IOException {
        long total = budget > 0 ? budget : space.total();
        long used = budget > 0 ? cacheBytes : space.used(cacheBytes);
        if (used <= share(total, highPercent)) {
            return 0;
        }
        return Math.min(cacheBytes, used - share(total, lowPercent));
    }

    /** The most bytes the cache takes for long. */
    long limit(Space space) throws IOException {
        return share(budget > 0 ? budget : space.total(), highPercent);
    }

    private static long share(long total, int percent) {
        return total / PERCENT * percent + total % PERCENT * percent / PERCENT;
    }
}
