package org.netloop.cache.memory;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;

import java.nio.ByteBuffer;

/** Common base of the components: a cache with a budget that may change at any time. */
abstract class DelegatingCache implements BlockCache {
    private static final long MEBI = 1 << 20;

    private final OffHeapCache cache;

    DelegatingCache(int budgetMebibytes) {
        cache = new OffHeapCache(budgetMebibytes * MEBI);
    }

    final void budget(int mebibytes) {
        cache.budget(mebibytes * MEBI);
    }

    final void close() {
        cache.close();
    }

    @Override
    public final @Nullable Cached get(Digest key) {
        return cache.get(key);
    }

    @Override
    public final boolean contains(Digest key) {
        return cache.contains(key);
    }

    @Override
    public final void put(Digest key, ByteBuffer bytes) {
        cache.put(key, bytes);
    }

    @Override
    public final void remove(Digest key) {
        cache.remove(key);
    }

    @Override
    public final CacheStatistics statistics() {
        return cache.statistics();
    }
}
