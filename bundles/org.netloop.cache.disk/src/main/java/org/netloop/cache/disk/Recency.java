package org.netloop.cache.disk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Index of the blocks that are present, their sizes and the order of their last use: Caffeine's
 * access order without a bound of its own, because whole batches are evicted between two
 * watermarks. A use within a second of the last one does not change the order. Thread-safe.
 */
final class Recency {
    private static final long NEVER_DAYS = 3650;

    /** A block's size on disk, and when its file's time was last brought up to date. */
    static final class Known {
        private final int size;
        private volatile long touchedMillis;

        private Known(int size, long touchedMillis) {
            this.size = size;
            this.touchedMillis = touchedMillis;
        }

        int size() {
            return size;
        }

        /**
         * Returns whether the file's time stamp is older than the given age and the caller has to
         * touch it.
         */
        boolean needsTouch(long nowMillis, long everyMillis) {
            if (nowMillis - touchedMillis <= everyMillis) {
                return false;
            }
            // Two callers at once may both be told so, which does no harm.
            touchedMillis = nowMillis;
            return true;
        }
    }

    private final Cache<Digest, Known> known;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param nanoClock as {@link System#nanoTime}
     */
    Recency(LongSupplier nanoClock) {
        // Expiry by access makes Caffeine keep the order of access; nothing ever gets that old.
        known =
                Caffeine.newBuilder()
                        .expireAfterAccess(NEVER_DAYS, TimeUnit.DAYS)
                        .ticker(nanoClock::getAsLong)
                        .executor(Runnable::run)
                        .build();
    }

    /** A block is there. */
    void add(Digest key, int size, long touchedMillis) {
        if (known.asMap().putIfAbsent(key, new Known(size, touchedMillis)) == null) {
            bytes.addAndGet(size);
        }
    }

    /** A block was used; null if it was not known. */
    @Nullable Known used(Digest key) {
        return known.getIfPresent(key);
    }

    /** Returns whether a block is known; does not count as a use. */
    boolean knows(Digest key) {
        return known.asMap().containsKey(key);
    }

    /** Forgets a block; its size, or 0 if it was not known. */
    int remove(Digest key) {
        Known gone = known.asMap().remove(key);
        if (gone == null) {
            return 0;
        }
        bytes.addAndGet(-gone.size());
        return gone.size();
    }

    /** All that are known now. */
    List<Digest> keys() {
        return List.copyOf(known.asMap().keySet());
    }

    /** Returns the least recently used blocks, at most {@code count}. */
    List<Digest> coldest(int count) {
        known.cleanUp();
        return List.copyOf(known.policy().expireAfterAccess().orElseThrow().oldest(count).keySet());
    }

    long bytes() {
        return bytes.get();
    }

    long entries() {
        return known.estimatedSize();
    }
}
