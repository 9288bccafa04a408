package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Flights that nobody has asked for yet. They hold the stored bytes alone while they are under way;
 * only for readers who came on board meanwhile, or where the plain cache has room, are these
 * decoded. A flight that fails leaves its readers to one that is asked for. Thread-safe.
 */
public final class EarlyFlights {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyFlights.class);

    /**
     * For plain bytes on landing: apart from the buffers of those under way, so that nobody who
     * holds one of those waits for another that is held in the same way.
     */
    private static final long LANDING_BYTES = 8 << 20;

    private final BlockReader reader;
    private final BufferPool.Share buffers;
    private final BufferPool.Share landing = new BufferPool(LANDING_BYTES).share();
    private final CacheTier plainCache;
    private final CacheKeys keys;
    private final StoredBlocks storedBlocks;
    private final Counters counters;
    private final Duration patience;

    /** What became of a block. */
    public enum Outcome {
        /** It is under way now. */
        STARTED,
        /** It is in a cache, under way already, or a hole. */
        THERE,
        /** All buffers that may be used for this are in use. */
        NO_ROOM
    }

    /** Beside the flights of a reader, over the same backends. */
    public EarlyFlights(
            BlockReader reader,
            BufferPool.Share buffers,
            CacheTier plainCache,
            CacheKeys keys,
            StoredBlocks storedBlocks,
            Counters counters,
            Duration patience) {
        this.reader = reader;
        this.buffers = buffers;
        this.plainCache = plainCache;
        this.keys = keys;
        this.storedBlocks = storedBlocks;
        this.counters = counters;
        this.patience = patience;
    }

    /** Whether there is a cache that keeps what nobody waits for. */
    public boolean areOfUse() {
        return storedBlocks.hasCache() || plainCache.isThere();
    }

    /** Whether what is fetched early finds a place without making another block leave. */
    public boolean haveRoom(int plainLength) {
        return storedBlocks.hasCache() || plainCache.hasRoomFor(plainLength);
    }

    /** Begins to fetch a block, unless it is there. */
    public Outcome start(Block block, FetchPurpose purpose) {
        StoredBlock stored = block.storedOrNull();
        if (stored == null || isThere(block)) {
            return Outcome.THERE;
        }
        // Without a digest of the stored bytes only the plain ones can be verified.
        boolean decodes = stored.verification() != Verification.STORED;
        BufferPool.Pair pair = buffers.tryTakeEarly(stored.length(), decodes ? block.length() : 0);
        if (pair == null) {
            return Outcome.NO_ROOM;
        }
        Flight mine = reader.admit(block);
        if (mine == null) {
            pair.close();
            return Outcome.THERE;
        }
        // Before the thread runs: whoever counts what is under way counts this one from now on.
        Watch.Trip trip = reader.watch().begins(block, stored.length(), purpose);
        reader.start(
                List.of(mine),
                block,
                () -> {
                    try (pair) {
                        fly(mine, block, stored, pair, purpose, trip);
                    }
                });
        return Outcome.STARTED;
    }

    private void fly(
            Flight flight,
            Block block,
            StoredBlock stored,
            BufferPool.Pair pair,
            FetchPurpose purpose,
            Watch.Trip trip) {
        try {
            ByteBuffer plain = pair.second().limit(0);
            boolean decodes = stored.verification() != Verification.STORED;
            if (decodes) {
                plain.limit(block.length());
            }
            fetch(flight, block, stored, pair, purpose, trip);
            if (!decodes) {
                land(flight, block, stored, pair.first());
            } else {
                land(flight, block, stored, plain, pair.first());
            }
        } catch (FetchException e) {
            LOG.debug("{} did not come early: {}", reader.name(block, stored), e.getMessage());
            reader.handOver(flight, block);
        } catch (InterruptedException _) {
            reader.handOver(flight, block);
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed in a way it should not", reader.name(block, stored), e);
            reader.handOver(flight, block);
        }
    }

    private void fetch(
            Flight flight,
            Block block,
            StoredBlock stored,
            BufferPool.Pair pair,
            FetchPurpose purpose,
            Watch.Trip trip)
            throws FetchException, InterruptedException {
        String name = reader.name(block, stored);
        Deadline deadline = Deadline.in(patience);
        ByteBuffer scratch = pair.first();
        boolean good = false;
        try {
            // In here, so that the trip ends also for a flight that was given up already.
            flight.carries(pair);
            if (stored.verification() == Verification.STORED) {
                storedBlocks.fetchStored(name, stored, scratch, purpose, deadline);
            } else {
                storedBlocks.fetch(
                        name, stored, scratch, pair.second(), block.length(), purpose, deadline);
            }
            good = true;
        } finally {
            trip.ended(good ? scratch.position() : 0, good);
        }
        counters.aheadBlocks.increment();
        counters.aheadBytes.add(scratch.position());
    }

    /** Verified stored bytes have come, from 0 to the position of {@code scratch}. */
    void arrive(Flight flight, Block block, StoredBlock stored, ByteBuffer scratch) {
        try {
            land(flight, block, stored, scratch);
        } catch (FetchException e) {
            LOG.debug("{} did not land: {}", reader.name(block, stored), e.getMessage());
            reader.handOver(flight, block);
        } catch (InterruptedException _) {
            reader.handOver(flight, block);
        }
    }

    /** Whether it is in a cache or under way. */
    public boolean isThere(Block block) {
        StoredBlock stored = block.storedOrNull();
        return stored == null
                || reader.isUnderWay(block)
                || plainCache.contains(keys.plain(block, stored))
                || storedBlocks.isCached(stored);
    }

    /** With the verified stored bytes from 0 to the position of {@code scratch}. */
    private void land(Flight flight, Block block, StoredBlock stored, ByteBuffer scratch)
            throws FetchException, InterruptedException {
        boolean kept = false;
        if (!flight.isBoarded() && !plainCache.hasRoomFor(block.length())) {
            storedBlocks.keep(stored, scratch.duplicate());
            kept = true;
            if (reader.landEmpty(flight, block)) {
                return;
            }
        }
        try (BufferPool.Pair pair = landing.take(0, block.length())) {
            ByteBuffer plain = pair.second().limit(block.length());
            storedBlocks.decode(stored, scratch.duplicate().flip(), plain);
            land(flight, block, stored, plain, kept ? null : scratch);
        }
    }

    private void land(
            Flight flight,
            Block block,
            StoredBlock stored,
            ByteBuffer plain,
            @Nullable ByteBuffer scratch) {
        plainCache.put(keys.plain(block, stored), plain.flip());
        if (flight.isBoarded()) {
            counters.aheadJoined.increment();
        }
        reader.land(flight, block, plain);
        if (scratch != null) {
            storedBlocks.keep(stored, scratch);
        }
    }
}
