package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cache of one tier, if there is one that does well. Whatever goes wrong in a cache is a miss
 * and a warning: reads continue without it. Thread-safe.
 */
public final class CacheTier {
    private static final Logger LOG = LoggerFactory.getLogger(CacheTier.class);

    /** A cache that is nearly full may already evict. */
    private static final int SPARE_SHARE = 8;

    private static final long WARNING_EVERY_NANOS = 10_000_000_000L;

    /** Length that accepts any block. */
    static final int ANY_LENGTH = -1;

    private final String tier;
    private final Backends<BlockCache> caches;
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    /**
     * @param tier {@link BlockCache#TIER_PLAIN} or {@link BlockCache#TIER_STORED}
     * @param caches bound under the tier they are for
     */
    public CacheTier(String tier, Backends<BlockCache> caches) {
        this.tier = tier;
        this.caches = caches;
    }

    /** A cached block and the lease on its cache. Closed once. */
    public static final class Hit implements AutoCloseable {
        private final Use<BlockCache> use;
        private final BlockCache.Cached cached;
        private final ByteBuffer bytes;

        private Hit(Use<BlockCache> use, BlockCache.Cached cached, ByteBuffer bytes) {
            this.use = use;
            this.cached = cached;
            this.bytes = bytes;
        }

        /** Returns its bytes, read-only, until it is closed. */
        public ByteBuffer bytes() {
            return bytes;
        }

        private boolean has(int length) {
            return bytes.position() == 0 && bytes.limit() == length;
        }

        @Override
        public void close() {
            try (use) {
                use.call(
                        _ -> {
                            cached.close();
                            return use;
                        });
            } catch (BackendException e) {
                // It was counted and told; the bytes have been used by now.
                LOG.debug("{}", e.getMessage(), e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * The block of that key; null if there is none, or one of another length, which is dropped: a
     * block that is damaged is not a cache that fails.
     *
     * @param length how many bytes it has, or {@link #ANY_LENGTH}
     */
    public @Nullable Hit get(Digest key, int length) {
        Use<BlockCache> use = caches.enterIfWell(tier);
        if (use == null) {
            return null;
        }
        Hit hit = null;
        try {
            Hit found = use.find(cache -> hit(use, cache, key));
            if (found == null || length == ANY_LENGTH || found.has(length)) {
                hit = found;
            } else {
                drop(found, key, length);
            }
        } catch (BackendException e) {
            warn(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (hit == null) {
                use.close();
            }
        }
        return hit;
    }

    // Static, as what a read allocates counts.
    private static @Nullable Hit hit(Use<BlockCache> use, BlockCache cache, Digest key) {
        BlockCache.Cached cached = cache.get(key);
        return cached == null ? null : new Hit(use, cached, cached.bytes());
    }

    private void drop(Hit hit, Digest key, int length)
            throws BackendException, InterruptedException {
        int present = hit.bytes.remaining();
        hit.use.call(
                cache -> {
                    hit.cached.close();
                    cache.remove(key);
                    return cache;
                });
        warn("it had " + present + " bytes of a block of " + length + ", now dropped");
    }

    /** Returns the name of the tier. */
    public String name() {
        return tier;
    }

    /** Returns contents and counters of the cache; null if there is none that does well. */
    public @Nullable CacheStatistics statistics() {
        try (Use<BlockCache> use = caches.enterIfWell(tier)) {
            return use == null ? null : use.call(BlockCache::statistics);
        } catch (BackendException e) {
            warn(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /** Returns whether there is a cache of this tier. */
    public boolean isThere() {
        try (Use<BlockCache> use = caches.enterIfWell(tier)) {
            return use != null;
        }
    }

    /** Returns whether the block with that key is probably present; not counted as a use. */
    public boolean contains(Digest key) {
        return says(cache -> cache.contains(key));
    }

    /** Returns whether a block of that length fits without evicting another one. */
    public boolean hasRoomFor(int length) {
        return says(
                cache -> {
                    CacheStatistics now = cache.statistics();
                    return now.bytes() + length <= now.budget() - now.budget() / SPARE_SHARE;
                });
    }

    /** False also without a cache that can tell. */
    private boolean says(Use.Call<BlockCache, Boolean> question) {
        try (Use<BlockCache> use = caches.enterIfWell(tier)) {
            return use != null && use.call(question);
        } catch (BackendException e) {
            warn(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Keeps a copy of the remaining bytes, whose position is left as it was. */
    public void put(Digest key, ByteBuffer bytes) {
        try (Use<BlockCache> use = caches.enterIfWell(tier)) {
            if (use != null) {
                use.call(
                        IOException.class,
                        cache -> {
                            cache.put(key, bytes.asReadOnlyBuffer());
                            return cache;
                        });
            }
        } catch (IOException | BackendException e) {
            warn(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Drops a block whose bytes proved wrong, or are to be replaced. */
    public void remove(Digest key) {
        try (Use<BlockCache> use = caches.enterIfWell(tier)) {
            if (use != null) {
                use.call(
                        cache -> {
                            cache.remove(key);
                            return cache;
                        });
            }
        } catch (BackendException e) {
            warn(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A full disk fails every put: once in a while is told. */
    private void warn(Exception why) {
        warn(String.valueOf(why.getMessage()));
    }

    private void warn(String why) {
        long next = nextWarning.get();
        long now = System.nanoTime();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_EVERY_NANOS)) {
            LOG.warn("the cache of {} blocks fails, reads continue without it: {}", tier, why);
        }
    }
}
