package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads ranges of an image: from the plain cache where it can, else over one flight a block that
 * all its readers share. Thread-safe; no read waits for another block than its own.
 */
public final class BlockReader {
    private static final Logger LOG = LoggerFactory.getLogger(BlockReader.class);

    /** A flight ends by itself when its time is up; this is for one that does not. */
    private static final Duration OVERTIME = Duration.ofSeconds(5);

    private final String volume;
    private final Index index;
    private final CacheTier plainCache;
    private final StoredBlocks storedBlocks;
    private final BufferPool buffers;
    private final Counters counters;
    private final Duration patience;
    private final ConcurrentMap<Digest, Flight> flights = new ConcurrentHashMap<>();

    /** All flights, and one party for whoever waits for them. */
    private final Phaser aloft = new Phaser(1);

    /**
     * @param volume names the volume in messages
     * @param patience how long a block may take
     */
    public BlockReader(
            String volume,
            Index index,
            CacheTier plainCache,
            StoredBlocks storedBlocks,
            BufferPool buffers,
            Counters counters,
            Duration patience) {
        this.volume = volume;
        this.index = index;
        this.plainCache = plainCache;
        this.storedBlocks = storedBlocks;
        this.buffers = buffers;
        this.counters = counters;
        this.patience = patience;
    }

    /** How many blocks are under way. */
    public int flights() {
        return flights.size();
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
        try (CacheTier.Hit hit = plainCache.get(stored.key())) {
            if (hit == null) {
                return false;
            }
            into.put(into.position(), hit.bytes(), from, count);
            into.position(into.position() + count);
            counters.plainHits.increment();
            return true;
        }
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
        PendingRead read = new PendingRead();
        long end = offset + into.remaining();
        try {
            long at = offset;
            while (into.hasRemaining()) {
                Block block = locate(at);
                int before = into.position();
                if (!copyIfPresent(block, at, into)) {
                    request(block, at, into, read);
                }
                at += into.position() - before;
            }
            if (!read.await(Deadline.in(patience.plus(OVERTIME)))) {
                abandon(offset, end);
                throw new FetchException.Unavailable(
                        "volume "
                                + volume
                                + ": a block at "
                                + offset
                                + " or after was given up after "
                                + patience.plus(OVERTIME).toSeconds()
                                + " s: a transport, codec or cache hangs",
                        null);
            }
        } finally {
            read.leave();
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

    private void request(Block block, long at, ByteBuffer into, PendingRead read) {
        int from = (int) (at - block.offset());
        int count = Math.min(into.remaining(), block.length() - from);
        Passenger passenger = new Passenger(read, from, into.slice(into.position(), count));
        read.expects(passenger);
        into.position(into.position() + count);
        while (!flight(block).board(passenger)) {
            // It landed just now: the next look finds a new one.
            Thread.onSpinWait();
        }
    }

    private Flight flight(Block block) {
        StoredBlock stored = block.stored().orElseThrow();
        Flight known = flights.get(stored.key());
        if (known != null) {
            return known;
        }
        Flight fresh = new Flight();
        Flight rival = flights.putIfAbsent(stored.key(), fresh);
        if (rival != null) {
            return rival;
        }
        Thread pilot =
                Thread.ofVirtual()
                        .name("block-" + block.offset())
                        .unstarted(() -> fly(fresh, block, stored));
        fresh.pilot(pilot);
        pilot.start();
        return fresh;
    }

    private void fly(Flight flight, Block block, StoredBlock stored) {
        aloft.register();
        try (BufferPool.Pair pair = buffers.take(stored.length(), block.length())) {
            boolean fetched = load(block, stored, pair.first(), pair.second());
            flights.remove(stored.key(), flight);
            flight.land(pair.second());
            if (fetched) {
                storedBlocks.keep(stored, pair.first());
            }
        } catch (FetchException e) {
            crash(flight, stored, e);
        } catch (InterruptedException e) {
            crash(
                    flight,
                    stored,
                    new FetchException.Unavailable(name(block, stored) + " was given up", e));
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed in a way it should not", name(block, stored), e);
            crash(
                    flight,
                    stored,
                    new FetchException.Unavailable(name(block, stored) + " failed: " + e, e));
        } finally {
            aloft.arriveAndDeregister();
        }
    }

    /** Leaves the plain bytes in {@code plain}, from 0 to its limit; true if a mirror sent them. */
    private boolean load(Block block, StoredBlock stored, ByteBuffer scratch, ByteBuffer plain)
            throws FetchException, InterruptedException {
        plain.limit(block.length());
        if (fromPlainCache(stored, plain)) {
            return false;
        }
        boolean fetched =
                storedBlocks.read(
                        name(block, stored), stored, scratch, plain, Deadline.in(patience));
        checkLength(block, plain);
        plainCache.put(stored.key(), plain.flip());
        return fetched;
    }

    private void crash(Flight flight, StoredBlock stored, FetchException why) {
        flights.remove(stored.key(), flight);
        flight.crash(why);
    }

    /** Returns when no block is under way, or being kept, any more; or after the time given. */
    public void drain(Duration time) throws InterruptedException {
        try {
            aloft.awaitAdvanceInterruptibly(aloft.arrive(), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("volume {} is left with {} blocks under way", volume, flights.size(), e);
        }
    }

    /** Another flight may have landed between the reader's look and this one's start. */
    private boolean fromPlainCache(StoredBlock stored, ByteBuffer plain) {
        try (CacheTier.Hit hit = plainCache.get(stored.key())) {
            if (hit == null) {
                return false;
            }
            plain.put(hit.bytes()).flip();
            return true;
        }
    }

    private void checkLength(Block block, ByteBuffer plain) throws FetchException.Corrupt {
        if (plain.hasRemaining()) {
            throw new FetchException.Corrupt(
                    "block at "
                            + block.offset()
                            + " of volume "
                            + volume
                            + " decodes to "
                            + plain.position()
                            + " bytes instead of "
                            + block.length()
                            + ": the image was packed wrongly");
        }
    }

    private void abandon(long from, long end) throws FetchException, InterruptedException {
        for (long at = from; at < Math.min(end, index.image().size()); ) {
            Block block = index.block(at);
            StoredBlock stored = block.storedOrNull();
            Flight flight = stored == null ? null : flights.remove(stored.key());
            if (flight != null) {
                flight.abandon();
            }
            at = block.end();
        }
    }

    /** Fetches, verifies and decodes the block at an offset, past all caches, and returns it. */
    public Block verify(long offset) throws FetchException, InterruptedException {
        Block block = index.block(offset);
        StoredBlock stored = block.storedOrNull();
        if (stored == null) {
            return block;
        }
        try (BufferPool.Pair pair = buffers.take(stored.length(), block.length())) {
            ByteBuffer plain = pair.second().limit(block.length());
            storedBlocks.fetch(
                    name(block, stored),
                    stored,
                    pair.first(),
                    plain,
                    FetchPurpose.VERIFY,
                    Deadline.in(patience));
            checkLength(block, plain);
        }
        return block;
    }

    private String name(Block block, StoredBlock stored) {
        return "block at " + block.offset() + " (" + stored.key().brief() + ") of volume " + volume;
    }
}
