package org.netloop.cache.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Used space of the file system. Some (btrfs) give the space of deleted files back only seconds
 * later: until then what was evicted counts as free, or all the rest would be evicted too. Used by
 * one thread, {@link #total} by many.
 */
final class Space {
    private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final FileStore store;
    private final LongSupplier nanoClock;
    private boolean evicted;
    private long evictedNanos;
    private long usedThen;
    private long cacheBytesThen;

    /**
     * @param nanoClock as {@link System#nanoTime}
     */
    Space(FileStore store, LongSupplier nanoClock) {
        this.store = store;
        this.nanoClock = nanoClock;
    }

    long total() throws IOException {
        return store.getTotalSpace();
    }

    long usable() throws IOException {
        return store.getUsableSpace();
    }

    /** Returns the bytes that all files use while the cache holds {@code cacheBytes}. */
    long used(long cacheBytes) throws IOException {
        long measured = store.getTotalSpace() - store.getUsableSpace();
        if (!evicted || nanoClock.getAsLong() - evictedNanos > LAG_NANOS) {
            return measured;
        }
        return Math.min(measured, usedThen + cacheBytes - cacheBytesThen);
    }

    /** Blocks are evicted from now on. */
    void evicting(long cacheBytes) throws IOException {
        usedThen = used(cacheBytes);
        cacheBytesThen = cacheBytes;
        evictedNanos = nanoClock.getAsLong();
        evicted = true;
    }
}
