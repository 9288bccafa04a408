package org.netloop.api.cache;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Keeps blocks by key, within a budget in bytes. The key alone identifies a block: callers include
 * in it everything that the bytes depend on, so that equal keys mean equal bytes, whatever image or
 * repository they belong to. Keys are compared whole, algorithm and value. Registered as a service
 * with the property {@value #TIER}; called by many threads at once; shared by all volumes.
 *
 * <p>Obligations: {@link #get} returns exactly what was put, or nothing: a cache that outlives its
 * process detects damage itself and drops the damaged entry. A returned block stays readable until
 * it is closed, whatever is evicted meanwhile. Budget and eviction never fail a caller. There is no
 * order between a {@code put} and a {@code get} of another thread.
 */
@ConsumerType
public interface BlockCache {

    /**
     * Service property with the kind of blocks it keeps: {@value #TIER_PLAIN}, {@value
     * #TIER_STORED} or {@value #TIER_SHARED}.
     */
    String TIER = "netloop.cache.tier";

    /** Tier of plain blocks, near the reader; asked on every read, so never slower than memory. */
    String TIER_PLAIN = "plain";

    /** Tier of stored blocks, in the form they have on the mirror. */
    String TIER_STORED = "stored";

    /**
     * Tier of stored blocks that several machines share, beyond a network: asked after that of this
     * machine, and before a mirror. It may be late, absent, full or wrong: see the package.
     */
    String TIER_SHARED = "shared";

    /**
     * Returns the block with that key; null if there is none. The caller closes it soon, because it
     * occupies the budget until then.
     */
    @Nullable Cached get(Digest key);

    /**
     * Returns whether {@link #get} would probably find it; does not count as a use and reads
     * nothing.
     */
    boolean contains(Digest key);

    /**
     * Keeps a copy of the remaining bytes, whose position is undefined afterwards. May decline
     * silently if it has no room.
     *
     * @throws IOException if the medium fails (disk full, read-only, broken): the caller continues
     *     without the cache
     */
    void put(Digest key, ByteBuffer bytes) throws IOException;

    /** Drops the block with that key, if there is one, because its bytes proved wrong. */
    void remove(Digest key);

    /** Returns the cache's contents and counters. */
    CacheStatistics statistics();

    /**
     * Block returned by a cache. Its buffer is valid until it is closed; used by one thread at a
     * time.
     */
    @ConsumerType
    interface Cached extends AutoCloseable {

        /** Returns the bytes: a view of its own, read-only, from position 0 to the limit. */
        ByteBuffer bytes();

        /** Returns the block to the cache. A second call has no effect. */
        @Override
        void close();
    }
}
