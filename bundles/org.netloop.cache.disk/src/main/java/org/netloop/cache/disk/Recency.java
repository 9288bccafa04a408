package org.netloop.cache.disk;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which blocks are there, how much they take, and which were used last: Caffeine's order of access,
 * without a bound of its own, as whole batches are evicted between two watermarks. Thread-safe.
 */
final class Recency {
    private static final long NEVER_DAYS = 3650;

    /** A block's size on disk, and when its file's time was last brought up to date. */
    static final class Known {
        private final int size;
        private final AtomicLong touchedMillis;

        private Known(int size, long touchedMillis) {
            this.size = size;
            this.touchedMillis = new AtomicLong(touchedMillis);
        }

        int size() {
            return size;
        }

        /** Whether its file's time is older than so long; at most one caller is told so. */
        boolean needsTouch(long nowMillis, long everyMillis) {
            long last = touchedMillis.get();
            return nowMillis - last > everyMillis && touchedMillis.compareAndSet(last, nowMillis);
        }
    }

    // Expiry by access is what makes Caffeine keep the order of access; nothing ever gets that old.
    private final Cache<Digest, Known> known =
            Caffeine.newBuilder()
                    .expireAfterAccess(NEVER_DAYS, TimeUnit.DAYS)
                    .executor(Runnable::run)
                    .build();

    private final AtomicLong bytes = new AtomicLong();

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

    void remove(Digest key) {
        Known gone = known.asMap().remove(key);
        if (gone != null) {
            bytes.addAndGet(-gone.size());
        }
    }

    /** Those not used for longest, at most so many. */
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
