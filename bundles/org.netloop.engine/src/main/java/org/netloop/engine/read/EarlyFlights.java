package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.UnderWay;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
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
     * Memory for plain bytes on landing: separate from the buffers under way, so that no holder of
     * one of those waits for another that is held in the same way.
     */
    private static final long LANDING_BYTES = 8 << 20;

    private final Flights flights;
    private final DemandFlights demand;
    private final PlainCache plainCache;
    private final StoredBlocks storedBlocks;
    private final Means means;
    private final BufferPool landing = new BufferPool(LANDING_BYTES);
    private final BufferPool.Share landingShare = landing.share();

    /** Outcome for a block. */
    public enum Outcome {
        /** A flight was started. */
        STARTED,
        /** The block is in a cache, under way already, or a hole. */
        THERE,
        /** All buffers that may be used for this are in use. */
        NO_ROOM
    }

    /**
     * Resources that all early flights share.
     *
     * @param buffers memory for those under way
     * @param counters count what comes
     * @param watch told what comes from mirrors
     * @param time how long one may take
     */
    public record Means(BufferPool.Share buffers, Counters counters, Watch watch, Duration time) {}

    /**
     * @param flights the table they are in
     * @param demand takes over the readers of a flight that fails
     */
    public EarlyFlights(
            Flights flights,
            DemandFlights demand,
            PlainCache plainCache,
            StoredBlocks storedBlocks,
            Means means) {
        this.flights = flights;
        this.demand = demand;
        this.plainCache = plainCache;
        this.storedBlocks = storedBlocks;
        this.means = means;
    }

    /** Returns whether there is a cache to keep prefetched blocks. */
    public boolean areOfUse() {
        return storedBlocks.hasCache() || plainCache.isThere();
    }

    /** Returns whether prefetched blocks find room without evicting another one. */
    public boolean haveRoom(int plainLength) {
        return storedBlocks.hasCache() || plainCache.hasRoomFor(plainLength);
    }

    /** Begins to fetch a block, unless it is there. */
    public Outcome start(Block block, FetchPurpose purpose) throws InterruptedException {
        StoredBlock stored = block.storedOrNull();
        if (stored == null || isThere(block)) {
            return Outcome.THERE;
        }
        boolean rebuilds = storedBlocks.canRebuild(block);
        int plainRoom = rebuilds || decodesAtOnce(stored) ? block.length() : 0;
        BufferPool.Pair pair = means.buffers().tryTakeEarly(stored.length(), plainRoom);
        if (pair == null) {
            return Outcome.NO_ROOM;
        }
        Flight mine = flights.admit(block);
        if (mine == null) {
            pair.close();
            return Outcome.THERE;
        }
        if (cameMeanwhile(mine, pair)) {
            return Outcome.THERE;
        }
        // Before the thread runs: whoever counts what is under way counts this one from now on.
        UnderWay underWay = means.watch().begins(block, stored.length(), purpose);
        flights.start(
                List.of(mine),
                () -> {
                    try (pair) {
                        fly(mine, pair, purpose, underWay, rebuilds);
                    }
                },
                this::handOver);
        return Outcome.STARTED;
    }

    /**
     * Returns whether a reader's flight landed between the look at the caches and the admission of
     * this one, which then is over.
     */
    private boolean cameMeanwhile(Flight mine, BufferPool.Pair pair) throws InterruptedException {
        boolean needed = false;
        try {
            needed = !isCached(mine.block(), mine.stored());
            return !needed;
        } finally {
            if (!needed) {
                pair.close();
                demand.takeOver(mine);
            }
        }
    }

    /**
     * Returns whether the block is decoded at once: without a digest of the stored bytes only the
     * plain ones can be verified.
     */
    private static boolean decodesAtOnce(StoredBlock stored) {
        return stored.verification() != Verification.STORED;
    }

    /** Returns whether the block is in a cache or under way. */
    public boolean isThere(Block block) throws InterruptedException {
        StoredBlock stored = block.storedOrNull();
        return stored == null || flights.isUnderWay(block) || isCached(block, stored);
    }

    private boolean isCached(Block block, StoredBlock stored) throws InterruptedException {
        return plainCache.contains(block, stored) || storedBlocks.isCached(block, stored);
    }

    /**
     * Returns whether a mirror probably need not send the block: it is rebuilt, or in the cache
     * that machines share.
     */
    public boolean sparesMirrors(Block block) throws InterruptedException {
        StoredBlock stored = block.storedOrNull();
        return storedBlocks.canRebuild(block) || stored != null && storedBlocks.othersHave(stored);
    }

    private void fly(
            Flight flight,
            BufferPool.Pair pair,
            FetchPurpose purpose,
            UnderWay underWay,
            boolean rebuilds)
            throws FetchException, InterruptedException {
        boolean decodes = decodesAtOnce(flight.stored());
        ByteBuffer scratch = pair.first();
        ByteBuffer plain = pair.second().limit(rebuilds || decodes ? flight.block().length() : 0);
        boolean good = false;
        try {
            // In here, so that what is watched ends also for a flight that was given up already.
            flight.carries(pair);
            Errand errand = errand(flight, scratch, plain, purpose);
            storedBlocks.fetch(
                    rebuilds
                            ? errand.rebuiltAs(new Errand.Rebuilt(flight.block(), plain))
                            : errand);
            good = true;
        } finally {
            underWay.ended(good ? scratch.position() : 0, good);
        }
        means.counters().aheadBlocks.increment();
        means.counters().aheadBytes.add(scratch.position());
        if (scratch.position() == 0) {
            land(flight, plain, null); // rebuilt
        } else if (decodes) {
            land(flight, plain, scratch);
        } else {
            land(flight, scratch);
        }
    }

    private Errand errand(
            Flight flight, ByteBuffer scratch, ByteBuffer plain, FetchPurpose purpose) {
        StoredBlock stored = flight.stored();
        Deadline deadline = Deadline.in(means.time());
        return decodesAtOnce(stored)
                ? storedBlocks.decoded(
                        flight.name(),
                        stored,
                        new StoredBlocks.Room(scratch, plain, flight.block().length()),
                        purpose,
                        deadline)
                : StoredBlocks.shared(
                        stored,
                        new Errand(
                                flight.name(),
                                StoredBlocks.wanted(stored, purpose),
                                scratch.clear().limit(stored.length()),
                                storedBlocks.checks().isOf(stored),
                                deadline));
    }

    /** Ends a flight; its passengers continue with flights of their own. */
    void handOver(Flight flight, FetchException why) {
        LOG.debug("{} did not come early: {}", flight.name(), why.getMessage());
        demand.takeOver(flight);
    }

    /**
     * Lands it, or hands it over: verified stored bytes lie before the position of {@code scratch}.
     */
    void arrive(Flight flight, ByteBuffer scratch) {
        try {
            land(flight, scratch);
        } catch (FetchException e) {
            handOver(flight, e);
        } catch (InterruptedException e) {
            handOver(flight, new FetchException.Unavailable("it was given up", e));
        }
    }

    /** Lands a flight with the verified stored bytes from 0 to the position of {@code scratch}. */
    private void land(Flight flight, ByteBuffer scratch)
            throws FetchException, InterruptedException {
        int length = flight.block().length();
        boolean kept = false;
        if (!flight.isBoarded() && !plainCache.hasRoomFor(length)) {
            storedBlocks.keep(flight.stored(), scratch.duplicate());
            kept = true;
            if (flights.landEmpty(flight)) {
                return;
            }
        }
        try (BufferPool.Pair pair = landingShare.take(0, length)) {
            ByteBuffer plain = pair.second().limit(length);
            storedBlocks.checks().decode(flight.stored(), scratch.duplicate().flip(), plain);
            land(flight, plain, kept ? null : scratch);
        } catch (BackendException e) {
            throw new FetchException.Unavailable(String.valueOf(e.getMessage()), e);
        }
    }

    private void land(Flight flight, ByteBuffer plain, @Nullable ByteBuffer scratch) {
        plainCache.put(flight, plain.flip());
        if (flight.isBoarded()) {
            means.counters().aheadJoined.increment();
        }
        flights.land(flight, plain);
        if (scratch != null) {
            storedBlocks.keep(flight.stored(), scratch);
        }
    }

    /** Keeps no memory from now on; those under way still land. */
    public void close() {
        landing.close();
    }
}
