package org.netloop.api.cache;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Keeps blocks by key, within a budget of bytes. A key is all that tells a block from others: who
 * asks has put into it whatever the bytes depend on, so that equal keys mean equal bytes, whatever
 * image or repository they are of. Keys are compared whole, algorithm and value. Registered as a
 * service with the property {@value #TIER}; called by many threads at once; shared by all volumes.
 *
 * <p>Obligations: {@link #get} gives exactly what was put, or nothing: a cache that outlives its
 * process detects damage by itself, drops the damaged entry and says nothing more of it. A block
 * that was got stays readable until it is closed, whatever is evicted meanwhile. Budget and
 * eviction are the cache's own affair and never fail a caller. There is no order between a {@code
 * put} and a {@code get} of another thread.
 */
@ConsumerType
public interface BlockCache {

    /** Service property: which blocks it is for, {@value #TIER_PLAIN} or {@value #TIER_STORED}. */
    String TIER = "netloop.cache.tier";

    /** Plain blocks, near the reader; asked on every read, so never slower than memory. */
    String TIER_PLAIN = "plain";

    /** Stored blocks, as they lay on the mirror. */
    String TIER_STORED = "stored";

    /**
     * The block of that key; null if there is none. The caller closes it soon: it occupies the
     * budget until then.
     */
    @Nullable Cached get(Digest key);

    /**
     * Whether {@link #get} would probably find it; without counting as a use, and without reading
     * it.
     */
    boolean contains(Digest key);

    /**
     * Keeps a copy of the remaining bytes, whose position is undefined afterwards. May decline
     * silently when it has no room to give.
     *
     * @throws IOException if the medium fails (disk full, read-only, broken): the caller goes on
     *     without
     */
    void put(Digest key, ByteBuffer bytes) throws IOException;

    /** Drops the block of that key, if there is one: its bytes proved wrong. */
    void remove(Digest key);

    /** What it holds and did. */
    CacheStatistics statistics();

    /**
     * A block that was got. Its buffer is valid until it is closed; used by one thread at a time.
     */
    @ConsumerType
    interface Cached extends AutoCloseable {

        /** The bytes: a view of its own, read-only, from position 0 to the limit. */
        ByteBuffer bytes();

        /** Lets the cache have it back. Closing twice does nothing more. */
        @Override
        void close();
    }
}
