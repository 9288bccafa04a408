package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Deadline;
import org.netloop.engine.fetch.Patience;
import org.netloop.engine.lease.Trail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** The part of its patience that a read spends on fetching blocks together, if that fails. */
    private static final int TOGETHER = 3;

    private static final Duration BEING_TOLD = Duration.ofSeconds(1);

    private final String volume;
    private final Index index;
    private final CacheTier plainCache;
    private final CacheKeys keys;
    private final StoredBlocks storedBlocks;
    private final BufferPool.Share buffers;
    private final Counters counters;
    private final Duration patience;

    /** How much of that goes by before blocks that cannot be fetched together fly one by one. */
    private final Duration together;

    private final Outage outage;
    private final Watch watch;

    /** By identity: blocks of one stored form need not decode to the same plain bytes. */
    private final ConcurrentMap<Digest, Flight> flights = new ConcurrentHashMap<>();

    private final FormationFlight formationFlight;
    private volatile boolean closed;

    /** All flights, and one party for whoever waits for them. */
    private final Phaser aloft = new Phaser(1);

    /**
     * @param volume names the volume in messages
     * @param patience how long a block may take
     * @param watch is told what comes from mirrors
     */
    public BlockReader(
            String volume,
            Index index,
            CacheTier plainCache,
            CacheKeys keys,
            StoredBlocks storedBlocks,
            BufferPool.Share buffers,
            Counters counters,
            Patience patience,
            Watch watch) {
        this.volume = volume;
        this.index = index;
        this.plainCache = plainCache;
        this.keys = keys;
        this.storedBlocks = storedBlocks;
        this.buffers = buffers;
        this.counters = counters;
        this.patience = patience.ofRead();
        this.together = patience.ofErrand().dividedBy(TOGETHER);
        this.outage = new Outage(patience);
        this.watch = watch;
        this.formationFlight =
                new FormationFlight(storedBlocks, buffers, this::landTogether, watch);
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
        try (CacheTier.Hit hit = plainCache.get(keys.plain(block, stored), block.length())) {
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
            board(offset, into, read);
            if (!read.await(Deadline.in(patience.plus(OVERTIME)))) {
                abandon(offset, end);
                // Whoever waits for the same block may be giving it up, and tells all the others.
                if (!read.await(Deadline.in(BEING_TOLD))) {
                    throw givenUp(offset, null);
                }
            }
        } finally {
            read.leave();
        }
    }

    /** Copies what is there, and boards a flight for each block that is not. */
    private void board(long offset, ByteBuffer into, PendingRead read)
            throws FetchException, InterruptedException {
        Formation formation = new Formation();
        try {
            long at = offset;
            while (into.hasRemaining()) {
                Block block = index.blockIfLoaded(at);
                if (block == null) {
                    // Nobody waits for a flight while its reader waits for a part of the map.
                    launch(formation.leave());
                    block = locate(at);
                }
                int before = into.position();
                if (!copyIfPresent(block, at, into)) {
                    request(block, at, into, read, formation);
                }
                at += into.position() - before;
            }
        } finally {
            launch(formation.leave());
        }
    }

    private FetchException givenUp(long offset, @Nullable String hanging) {
        return new FetchException.Unavailable(
                "volume "
                        + volume
                        + ": the block at "
                        + offset
                        + " was given up after "
                        + patience.plus(OVERTIME).toSeconds()
                        + " s: "
                        + (hanging == null ? "no buffer came free" : hanging + " hangs"),
                null);
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
            Block block, long at, ByteBuffer into, PendingRead read, Formation formation) {
        int from = (int) (at - block.offset());
        int count = Math.min(into.remaining(), block.length() - from);
        Passenger passenger = new Passenger(read, from, into.slice(into.position(), count));
        read.expects(passenger);
        into.position(into.position() + count);
        board(block, passenger, formation);
    }

    private Flight flight(Block block, Formation formation) {
        StoredBlock stored = block.stored().orElseThrow();
        Flight known = flights.get(block.identity());
        if (known != null) {
            return known;
        }
        Flight fresh = new Flight();
        Flight rival = flights.putIfAbsent(block.identity(), fresh);
        if (rival != null) {
            return rival;
        }
        Departure departure = new Departure(fresh, block, stored, name(block, stored));
        if (!formation.take(departure)) {
            launch(formation.leave());
            formation.take(departure);
        }
        return fresh;
    }

    /** Each by itself, or several whose stored blocks are fetched together. */
    private void launch(List<Departure> group) {
        if (group.size() > 1) {
            List<Flight> all = group.stream().map(Departure::flight).toList();
            start(all, group.getFirst().block(), () -> flyTogether(group));
        } else {
            group.forEach(one -> launch(one, patience));
        }
    }

    private void launch(Departure one, Duration time) {
        start(
                List.of(one.flight()),
                one.block(),
                () -> fly(one.flight(), one.block(), one.stored(), time));
    }

    /** Flies all of them on a thread of their own, named by the first block. */
    void start(List<Flight> all, Block first, Runnable way) {
        aloft.register();
        Trail trail = new Trail();
        Thread pilot =
                Thread.ofVirtual()
                        .name("block-" + first.offset())
                        .unstarted(
                                () -> {
                                    try {
                                        trail.run(way);
                                    } finally {
                                        aloft.arriveAndDeregister();
                                    }
                                });
        all.forEach(flight -> flight.pilot(pilot, trail));
        pilot.start();
    }

    /** What is cached, or cannot be had together, goes on by itself. */
    private void flyTogether(List<Departure> group) {
        List<Departure> left = new ArrayList<>(group);
        try {
            List<Departure> missing =
                    group.stream().filter(one -> !storedBlocks.isCached(one.stored())).toList();
            Duration time = patience;
            if (missing.size() > 1) {
                left.removeAll(missing);
                left.forEach(one -> launch(one, patience));
                left = missing;
                left = formationFlight.fly(missing, together);
                time = patience.minus(together);
            }
            for (Departure one : left) {
                launch(one, time);
            }
        } catch (InterruptedException e) {
            crashAll(left, " was given up", e);
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed in a way it should not", group.getFirst().name(), e);
            crashAll(left, " failed: " + e, e);
        }
    }

    private void crashAll(List<Departure> flights, String what, Throwable why) {
        for (Departure one : flights) {
            crash(
                    one.flight(),
                    one.block(),
                    new FetchException.Unavailable(one.name() + what, why));
        }
    }

    private void landTogether(Departure one, ByteBuffer plain) {
        plainCache.put(keys.plain(one.block(), one.stored()), plain.flip());
        land(one.flight(), one.block(), plain);
    }

    /** Whether somebody fetches it now. */
    boolean isUnderWay(Block block) {
        return flights.containsKey(block.identity());
    }

    Watch watch() {
        return watch;
    }

    /** A flight to be started by whoever asked for it; null if there is one already. */
    @Nullable Flight admit(Block block) {
        Flight fresh = new Flight();
        return flights.putIfAbsent(block.identity(), fresh) == null ? fresh : null;
    }

    /** Gives everybody on board the bytes, and opens the way for the next flight. */
    void land(Flight flight, Block block, ByteBuffer plain) {
        flights.remove(block.identity(), flight);
        flight.land(plain);
    }

    /** The same if nobody is on board; else false. */
    boolean landEmpty(Flight flight, Block block) {
        flights.remove(block.identity(), flight);
        return flight.landEmpty();
    }

    /** Whoever is on board goes on with a flight of their own. */
    void handOver(Flight flight, Block block) {
        flights.remove(block.identity(), flight);
        Formation formation = new Formation();
        for (Passenger passenger : flight.end()) {
            board(block, passenger, formation);
        }
        launch(formation.leave());
    }

    private void board(Block block, Passenger passenger, Formation formation) {
        while (!flight(block, formation).board(passenger)) {
            // It landed just now: the next look finds a new one.
            Thread.onSpinWait();
        }
    }

    private void fly(Flight flight, Block block, StoredBlock stored, Duration time) {
        try {
            outage.fly(time, flight::isWanted, once -> flyOnce(flight, block, stored, once));
        } catch (FetchException e) {
            crash(flight, block, e);
        } catch (InterruptedException e) {
            crash(
                    flight,
                    block,
                    new FetchException.Unavailable(name(block, stored) + " was given up", e));
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed in a way it should not", name(block, stored), e);
            crash(
                    flight,
                    block,
                    new FetchException.Unavailable(name(block, stored) + " failed: " + e, e));
        }
    }

    private void flyOnce(Flight flight, Block block, StoredBlock stored, Duration time)
            throws FetchException, InterruptedException {
        try (BufferPool.Pair pair = buffers.take(stored.length(), block.length())) {
            try {
                flight.carries(pair);
                if (closed) {
                    throw isClosed();
                }
                boolean fetched = load(block, stored, pair.first(), pair.second(), time);
                land(flight, block, pair.second());
                if (fetched) {
                    storedBlocks.keep(stored, pair.first());
                }
            } finally {
                flight.unload();
            }
        }
    }

    /** Leaves the plain bytes in {@code plain}, from 0 to its limit; true if a mirror sent them. */
    private boolean load(
            Block block, StoredBlock stored, ByteBuffer scratch, ByteBuffer plain, Duration time)
            throws FetchException, InterruptedException {
        plain.limit(block.length());
        if (fromPlainCache(block, stored, plain)) {
            return false;
        }
        boolean fetched = !storedBlocks.readCached(stored, plain, block.length());
        if (fetched) {
            fetch(block, stored, scratch, plain, time);
        }
        plainCache.put(keys.plain(block, stored), plain.flip());
        return fetched;
    }

    private void fetch(
            Block block, StoredBlock stored, ByteBuffer scratch, ByteBuffer plain, Duration time)
            throws FetchException, InterruptedException {
        Watch.Trip trip = watch.begins(block, stored.length(), FetchPurpose.DEMAND);
        boolean good = false;
        try {
            storedBlocks.fetch(
                    name(block, stored),
                    stored,
                    scratch,
                    plain,
                    block.length(),
                    FetchPurpose.DEMAND,
                    Deadline.in(time));
            good = true;
        } finally {
            trip.ended(good ? scratch.position() : 0, good);
        }
    }

    private void crash(Flight flight, Block block, FetchException why) {
        flights.remove(block.identity(), flight);
        flight.crash(why);
    }

    /**
     * Returns when no block is under way, or being kept, any more; or after the time given, and
     * then those are given up. From then on every read fails at once, whenever it began.
     */
    public void close(Duration time) throws InterruptedException {
        try {
            aloft.awaitAdvanceInterruptibly(aloft.arrive(), time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            LOG.warn("volume {} is left with {} blocks under way", volume, flights.size());
        } finally {
            closed = true;
            flights.values().forEach(flight -> flight.abandon(isClosed()));
            buffers.close();
        }
    }

    private FetchException isClosed() {
        return new FetchException.Unavailable("volume " + volume + " is closed", null);
    }

    /** Another flight may have landed between the reader's look and this one's start. */
    private boolean fromPlainCache(Block block, StoredBlock stored, ByteBuffer plain) {
        try (CacheTier.Hit hit = plainCache.get(keys.plain(block, stored), plain.limit())) {
            if (hit == null) {
                return false;
            }
            plain.put(hit.bytes()).flip();
            return true;
        }
    }

    /** Gives up what is under way, for all who wait for it. */
    private void abandon(long from, long end) {
        for (long at = from; at < Math.min(end, index.image().size()); ) {
            // Whatever has a flight was located before.
            Block block = index.blockIfLoaded(at);
            if (block == null) {
                return;
            }
            StoredBlock stored = block.storedOrNull();
            Flight flight = stored == null ? null : flights.remove(block.identity());
            if (flight != null) {
                flight.abandon(givenUp(block.offset(), flight.trail().blame()));
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
                    block.length(),
                    FetchPurpose.VERIFY,
                    Deadline.in(patience));
        }
        return block;
    }

    String name(Block block, StoredBlock stored) {
        return "block at " + block.offset() + " (" + stored.key().brief() + ") of volume " + volume;
    }
}
