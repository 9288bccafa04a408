package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;
import org.netloop.api.volume.BlockState;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;
import org.netloop.engine.trace.Span;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Reads ranges of an image: from the plain cache where it can, else over one flight a block that
 * all its readers share. Thread-safe; no read waits for another block than its own.
 */
public final class BlockReader {
    private final String volume;
    private final Index index;
    private final PlainCache plainCache;
    private final Flights flights;
    private final DemandFlights demand;
    private final Counters counters;
    private final RetryPolicy policy;

    /**
     * @param volume names the volume in messages
     * @param flights the blocks of the volume that are under way
     * @param demand brings those that are not in the plain cache
     * @param policy tells how long a block may take
     */
    public BlockReader(
            String volume,
            Index index,
            PlainCache plainCache,
            Flights flights,
            DemandFlights demand,
            Counters counters,
            RetryPolicy policy) {
        this.volume = volume;
        this.index = index;
        this.plainCache = plainCache;
        this.flights = flights;
        this.demand = demand;
        this.counters = counters;
        this.policy = policy;
    }

    /** Returns the number of blocks under way. */
    public int underWay() {
        return flights.count();
    }

    /**
     * Fills {@code into} from memory and moves it on; false, with {@code into} at its old position,
     * if not all of it is there.
     */
    public boolean readIfPresent(long offset, ByteBuffer into) {
        int start = into.position();
        long at = offset;
        while (into.hasRemaining()) {
            Block block = index.blockIfLoaded(at);
            if (block == null || !copyIfPresent(block, at, into)) {
                into.position(start);
                return false;
            }
            at = offset + (into.position() - start);
        }
        return true;
    }

    private boolean copyIfPresent(Block block, long at, ByteBuffer into) {
        int from = (int) (at - block.offset());
        int count = Math.min(into.remaining(), block.length() - from);
        StoredBlock stored = block.storedOrNull();
        if (stored == null) {
            fillZeros(into, count);
            return true;
        }
        boolean timed = Counters.isSampled();
        long began = timed ? System.nanoTime() : 0;
        if (!plainCache.copy(block, stored, from, into, count)) {
            return false;
        }
        if (timed) {
            counters.plainTime.since(began);
        }
        counters.plainHits.increment();
        return true;
    }

    private static void fillZeros(ByteBuffer into, int count) {
        int end = into.position() + count;
        MemorySegment.ofBuffer(into).asSlice(0, count).fill((byte) 0);
        into.position(end);
    }

    /**
     * Fills {@code into} and moves it on to its limit.
     *
     * @throws FetchException if a block could not be had in time
     */
    public void read(long offset, ByteBuffer into) throws FetchException, InterruptedException {
        long began = System.nanoTime();
        try {
            readAll(offset, into);
        } finally {
            counters.waits.since(began);
        }
    }

    private void readAll(long offset, ByteBuffer into) throws FetchException, InterruptedException {
        PendingRead read = new PendingRead();
        try {
            board(offset, into, read);
            if (!read.await(Deadline.in(policy.ofRead().plus(RetryPolicy.OVERTIME)))) {
                for (Flight hanging : read.awaited()) {
                    flights.abandon(hanging, givenUp(hanging.block().offset()));
                }
                // Another reader of the same block may be giving it up, and tells all who wait.
                if (!read.await(Deadline.in(RetryPolicy.BEING_TOLD))) {
                    throw new FetchException.Unavailable(
                            givenUp(offset) + "no buffer came free", null);
                }
            }
        } finally {
            read.leave();
        }
    }

    /** Copies what is there, and boards a flight for each block that is not. */
    private void board(long offset, ByteBuffer into, PendingRead read)
            throws FetchException, InterruptedException {
        Neighbours neighbours = new Neighbours();
        try {
            long at = offset;
            while (into.hasRemaining()) {
                Block block = index.blockIfLoaded(at);
                if (block == null) {
                    // Nobody waits for a flight while its reader waits for a part of the map.
                    demand.launch(neighbours.leave());
                    block = locate(at);
                }
                int before = into.position();
                if (!copyIfPresent(block, at, into)) {
                    request(block, at, into, read, neighbours);
                }
                at += into.position() - before;
            }
        } finally {
            demand.launch(neighbours.leave());
        }
    }

    private Block locate(long at) throws FetchException, InterruptedException {
        try {
            return index.block(at);
        } catch (FetchException e) {
            throw new FetchException.Unavailable(
                    "block at "
                            + at
                            + " of volume "
                            + volume
                            + " cannot be located: "
                            + e.getMessage(),
                    e);
        }
    }

    private void request(
            Block block, long at, ByteBuffer into, PendingRead read, Neighbours neighbours) {
        int from = (int) (at - block.offset());
        int count = Math.min(into.remaining(), block.length() - from);
        Span span = read.span(volume, at, into.remaining());
        StoredBlock stored = block.storedOrNull();
        if (span.isRecorded() && stored != null) {
            span.awaits(stored.path(), stored.position());
        }
        Passenger passenger = read.passenger(from, into.slice(into.position(), count));
        into.position(into.position() + count);
        demand.board(block, passenger, neighbours);
    }

    private String givenUp(long offset) {
        return "volume "
                + volume
                + ": the block at "
                + offset
                + " was given up after "
                + policy.ofRead().plus(RetryPolicy.OVERTIME).toSeconds()
                + " s: ";
    }

    /** Returns where a block is now, at once. */
    public BlockState.Place place(Block block) {
        return demand.place(block);
    }

    /** Fetches, verifies and decodes the block at an offset, past all caches, and returns it. */
    public Block verify(long offset) throws FetchException, InterruptedException {
        Block block = index.block(offset);
        if (!block.isHole()) {
            demand.verify(block);
        }
        return block;
    }

    /**
     * Returns when no block is under way, or being kept, any more; or after the time given, and
     * then those are given up. From then on every read fails at once, whenever it began.
     */
    public void close(Duration time) throws InterruptedException {
        try {
            flights.close(time);
        } finally {
            demand.close();
        }
    }
}
