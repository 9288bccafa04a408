package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;

import java.nio.ByteBuffer;

/**
 * Stored blocks, from a cache of stored blocks or from a mirror; verified wherever they come from.
 * Thread-safe.
 */
public final class StoredBlocks {
    private final CacheTier cache;
    private final CacheTier shared;
    private final CacheKeys keys;
    private final Checks checks;
    private final Stage first;
    private final Rebuilding rebuilding;

    /**
     * @param fetcher fetches what is in no cache from the mirrors of one volume
     */
    public StoredBlocks(
            StoredTiers caches, CacheKeys keys, Counters counters, Checks checks, Stage fetcher) {
        this.cache = caches.own();
        this.shared = caches.shared();
        this.keys = keys;
        this.checks = checks;
        this.rebuilding =
                new Rebuilding(new SharedCache(shared, counters, new Metered(counters, fetcher)));
        this.first = new Formation(new StoredCache(cache, counters, rebuilding));
    }

    /** Has blocks rebuilt from now on where that can be done. */
    public void rebuildBy(Rebuilder rebuilder) {
        rebuilding.by(rebuilder);
    }

    /** Returns whether a block is probably had without its stored form. */
    boolean canRebuild(Block block) throws InterruptedException {
        Rebuilder rebuilder = rebuilding.rebuilder();
        return rebuilder != null && rebuilder.canRebuild(block);
    }

    /** Returns whether the cache probably has the block, as it is stored or rebuilt. */
    boolean isCached(Block block, StoredBlock stored) throws InterruptedException {
        Rebuilder rebuilder = rebuilding.rebuilder();
        return isCached(stored) || rebuilder != null && rebuilder.isKept(block);
    }

    /** Returns the checks for fetched bytes. */
    Checks checks() {
        return checks;
    }

    /**
     * Brings what is wanted, through all stages.
     *
     * @return whether it came from another machine: the errand's buffer holds it then, before its
     *     position
     * @throws FetchException if it could not be had by the deadline
     */
    boolean fetch(Errand errand) throws FetchException, InterruptedException {
        int start = errand.into().position();
        try {
            first.fetch(errand);
        } catch (BackendException e) {
            throw new FetchException.Unavailable(errand.name() + ": " + e.getMessage(), e);
        }
        return errand.into().position() > start;
    }

    /**
     * Room for a block.
     *
     * @param scratch where its stored bytes belong
     * @param plain where its plain bytes belong, from the position on
     * @param least how many of those have to come; at most what there is room for
     */
    record Room(ByteBuffer scratch, ByteBuffer plain, int least) {}

    /**
     * An errand for a block that somebody waits for, wherever it is.
     *
     * @param name what messages call it
     */
    Errand demand(String name, StoredBlock block, Room room, Deadline deadline) {
        return shared(block, decoded(name, block, room, FetchPurpose.DEMAND, deadline))
                .cachedAs(
                        new Errand.Cached(
                                keys.stored(block),
                                checks.takes(block, room.plain(), room.least(), "the cache")));
    }

    /** Returns an errand for a block that may come from the cache which machines share. */
    static Errand shared(StoredBlock block, Errand errand) {
        return isShared(block) ? errand.sharedAs(block.key()) : errand;
    }

    /** Returns whether the block is the same for everybody who knows its digest. */
    private static boolean isShared(StoredBlock block) {
        return block.key().algorithm().resistsCollisions()
                && block.verification() == Verification.STORED;
    }

    /** Returns whether the cache that machines share probably has the block. */
    boolean othersHave(StoredBlock block) {
        return isShared(block) && shared.contains(block.key());
    }

    /**
     * Gives a block to the cache that machines share: one that came together with others, as a
     * stage does that for one by itself.
     *
     * @param scratch its verified bytes, from 0 to its position
     */
    void share(StoredBlock block, ByteBuffer scratch) {
        if (isShared(block)) {
            shared.put(block.key(), scratch.duplicate().flip());
        }
    }

    /** An errand for a block, which a mirror is to send whatever the cache has. */
    Errand decoded(
            String name, StoredBlock block, Room room, FetchPurpose purpose, Deadline deadline) {
        return new Errand(
                name,
                wanted(block, purpose),
                room.scratch().clear().limit(block.length()),
                checks.decodes(block, room.plain(), room.least()),
                deadline);
    }

    /** Returns the location of a stored block on a mirror. */
    static Wanted wanted(StoredBlock block, FetchPurpose purpose) {
        return block.whole()
                ? new Wanted(block.path(), 0, FetchRequest.TO_END, purpose)
                : new Wanted(block.path(), block.position(), block.length(), purpose);
    }

    /** Returns whether there is a cache of stored blocks. */
    boolean hasCache() {
        return cache.isThere();
    }

    /** Returns whether the cache probably has the block. */
    boolean isCached(StoredBlock block) {
        return cache.contains(keys.stored(block));
    }

    /**
     * Keeps a block that came from another machine: apart, so that readers need not wait for it.
     *
     * @param scratch its stored bytes, from 0 to its position
     */
    void keep(StoredBlock block, ByteBuffer scratch) {
        cache.put(keys.stored(block), scratch.flip());
    }
}
