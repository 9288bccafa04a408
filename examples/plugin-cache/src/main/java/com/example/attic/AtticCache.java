package com.example.attic;

import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Plain blocks on the heap. The property says which tier it is for; the ranking puts it before
 * Netloop's own (0). Guarded by its own monitor; nothing is done under it but looking up, and
 * dropping the eldest.
 */
@Component(
        service = BlockCache.class,
        property = {BlockCache.TIER + "=" + BlockCache.TIER_PLAIN, "service.ranking:Integer=10"})
public final class AtticCache implements BlockCache {
    private static final long BUDGET = 64L << 20;

    private final long budget;
    private final Map<Digest, ByteBuffer> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long hits;
    private long misses;
    private long evictions;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    @Activate
    public AtticCache() {
        this(BUDGET);
    }

    /** Creates a cache with a budget in bytes. */
    public AtticCache(long budget) {
        this.budget = budget;
    }

    @Override
    public synchronized Cached get(Digest key) {
        ByteBuffer found = blocks.get(key);
        if (found == null) {
            misses++;
            return null;
        }
        hits++;
        return new Got(found);
    }

    @Override
    public synchronized boolean contains(Digest key) {
        return blocks.containsKey(key);
    }

    @Override
    public void put(Digest key, ByteBuffer from) {
        if (from.remaining() <= budget) {
            keep(key, ByteBuffer.allocate(from.remaining()).put(from).flip());
        }
    }

    private synchronized void keep(Digest key, ByteBuffer copy) {
        remove(key);
        blocks.put(key, copy);
        bytes += copy.capacity();
        while (bytes > budget) {
            remove(blocks.keySet().iterator().next());
            evictions++;
        }
    }

    @Override
    public synchronized void remove(Digest key) {
        ByteBuffer old = blocks.remove(key);
        bytes -= old == null ? 0 : old.capacity();
    }

    @Override
    public synchronized CacheStatistics statistics() {
        return new CacheStatistics(blocks.size(), bytes, budget, hits, misses, evictions, 0);
    }

    /**
     * Block found in the cache; if it is evicted meanwhile, it stays valid until it is closed,
     * because the heap keeps it.
     */
    private record Got(ByteBuffer kept) implements Cached {
        @Override
        public ByteBuffer bytes() {
            return kept.asReadOnlyBuffer();
        }

        @Override
        public void close() {}
    }
}
