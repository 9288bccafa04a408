package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.cache.BlockCache;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cache of one tier, if there is one. Whatever goes wrong in a cache is a miss and a warning:
 * reads go on without it. Thread-safe.
 */
public final class CacheTier {
    private static final Logger LOG = LoggerFactory.getLogger(CacheTier.class);
    private static final long WARNING_EVERY_NANOS = 10_000_000_000L;

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

        private Hit(Use<BlockCache> use, BlockCache.Cached cached) {
            this.use = use;
            this.cached = cached;
        }

        /** Its bytes, read-only, until it is closed. */
        public ByteBuffer bytes() {
            return cached.bytes();
        }

        @Override
        public void close() {
            try (use) {
                cached.close();
            }
        }
    }

    /** The block of that key; null if there is none. */
    public @Nullable Hit get(Digest key) {
        Use<BlockCache> use = caches.enter(tier);
        if (use == null) {
            return null;
        }
        BlockCache.Cached cached = null;
        try {
            cached = use.service().get(key);
            return cached == null ? null : new Hit(use, cached);
        } catch (RuntimeException | LinkageError e) {
            warn("could not look up " + key.brief(), e);
            return null;
        } finally {
            if (cached == null) {
                use.close();
            }
        }
    }

    /** Keeps a copy of the remaining bytes, whose position is left as it was. */
    public void put(Digest key, ByteBuffer bytes) {
        try (Use<BlockCache> use = caches.enter(tier)) {
            if (use != null) {
                use.service().put(key, bytes.asReadOnlyBuffer());
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            warn("could not keep " + key.brief() + "; reads go on without it", e);
        }
    }

    /** Drops a block whose bytes proved wrong, or are to be replaced. */
    public void remove(Digest key) {
        try (Use<BlockCache> use = caches.enter(tier)) {
            if (use != null) {
                use.service().remove(key);
            }
        } catch (RuntimeException | LinkageError e) {
            warn("could not drop " + key.brief(), e);
        }
    }

    /** A full disk fails every put: once in a while is told. */
    private void warn(String what, Throwable why) {
        long next = nextWarning.get();
        long now = System.nanoTime();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_EVERY_NANOS)) {
            LOG.warn("the cache of {} blocks {}: {}", tier, what, why.toString());
        }
    }
}
