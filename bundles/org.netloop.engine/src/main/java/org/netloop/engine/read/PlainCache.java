package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;

import java.nio.ByteBuffer;

/** The plain blocks of one repository, in the cache that all volumes share. Thread-safe. */
public final class PlainCache {
    private final CacheTier tier;
    private final CacheKeys keys;

    /**
     * @param tier of plain blocks
     * @param keys of the repository
     */
    public PlainCache(CacheTier tier, CacheKeys keys) {
        this.tier = tier;
        this.keys = keys;
    }

    /**
     * Copies bytes of a block, and moves the buffer on by as many; false, and nothing is copied, if
     * the block is not there.
     *
     * @param from the first byte wanted, within the block
     * @param count how many
     */
    boolean copy(Block block, StoredBlock stored, int from, ByteBuffer into, int count) {
        try (CacheTier.Hit hit = tier.get(keys.plain(block, stored), block.length())) {
            if (hit == null) {
                return false;
            }
            into.put(into.position(), hit.bytes(), from, count);
            into.position(into.position() + count);
            return true;
        }
    }

    /**
     * Keeps a block.
     *
     * @param plain all its bytes, from the position to the limit
     */
    void put(Flight flight, ByteBuffer plain) {
        tier.put(keys.plain(flight.block(), flight.stored()), plain);
    }

    /** Returns whether a block is probably present. */
    boolean contains(Block block, StoredBlock stored) {
        return tier.contains(keys.plain(block, stored));
    }

    /** Returns whether there is such a cache. */
    boolean isThere() {
        return tier.isThere();
    }

    /** Returns whether a block of that length fits without evicting another one. */
    boolean hasRoomFor(int length) {
        return tier.hasRoomFor(length);
    }
}
