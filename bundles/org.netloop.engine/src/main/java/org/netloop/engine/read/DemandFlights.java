package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.volume.BlockState;
import org.netloop.engine.fetch.Check;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.UnderWay;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Flights that readers wait for: each by itself, or several whose stored blocks lie side by side.
 * Thread-safe.
 */
public final class DemandFlights {
    private static final Logger LOG = LoggerFactory.getLogger(DemandFlights.class);

    private final Flights flights;
    private final PlainCache plainCache;
    private final StoredBlocks storedBlocks;
    private final BufferPool.Share buffers;
    private final RetryPolicy policy;
    private final Outage outage;
    private final Watch watch;

    /**
     * @param flights the table they are in
     * @param policy tells how long a block may take
     * @param watch told what comes from mirrors
     */
    public DemandFlights(
            Flights flights,
            PlainCache plainCache,
            StoredBlocks storedBlocks,
            BufferPool.Share buffers,
            RetryPolicy policy,
            Watch watch) {
        this.flights = flights;
        this.plainCache = plainCache;
        this.storedBlocks = storedBlocks;
        this.buffers = buffers;
        this.policy = policy;
        this.outage = new Outage(policy);
        this.watch = watch;
    }

    /**
     * Has somebody wait for a block: on the flight that is under way, or on a new one, which is
     * launched with its neighbours.
     *
     * @param neighbours to be {@linkplain #launch launched} before the reader waits
     */
    void board(Block block, Passenger passenger, Neighbours neighbours) {
        while (!flight(block, neighbours).board(passenger)) {
            // It landed just now: the next look finds a new one.
            Thread.onSpinWait();
        }
    }

    private Flight flight(Block block, Neighbours neighbours) {
        while (true) {
            Flight known = flights.of(block);
            if (known != null) {
                return known;
            }
            Flight fresh = flights.admit(block);
            if (fresh != null) {
                if (!neighbours.take(fresh)) {
                    launch(neighbours.leave());
                    neighbours.take(fresh);
                }
                return fresh;
            }
        }
    }

    /** Lets whoever is on board of another flight go on with one of their own. */
    void takeOver(Flight other) {
        Neighbours neighbours = new Neighbours();
        try {
            for (Passenger passenger : flights.end(other)) {
                board(other.block(), passenger, neighbours);
            }
        } finally {
            launch(neighbours.leave());
        }
    }

    /** Starts them: each by itself, or several by one request. */
    void launch(List<Flight> group) {
        if (group.size() > 1) {
            flights.start(group, () -> flyTogether(group), flights::fail);
        } else {
            group.forEach(one -> launch(one, policy.ofRead()));
        }
    }

    private void launch(Flight one, Duration time) {
        flights.start(
                List.of(one),
                () -> outage.fly(time, one::isWanted, once -> fly(one, once)),
                flights::fail);
    }

    private void fly(Flight flight, Duration time) throws FetchException, InterruptedException {
        Block block = flight.block();
        // Nobody tells a pilot of a closed volume to give up waiting for room.
        flights.requireOpen();
        try (BufferPool.Pair pair = buffers.take(flight.stored().length(), block.length())) {
            try {
                flight.carries(pair);
                flights.requireOpen();
                ByteBuffer plain = pair.second().limit(block.length());
                boolean fetched = bring(flight, pair.first(), plain, time);
                flights.land(flight, plain);
                if (fetched) {
                    storedBlocks.keep(flight.stored(), pair.first());
                }
            } finally {
                flight.unload();
            }
        }
    }

    /**
     * Leaves the plain bytes in {@code plain}, from 0 to its limit; true if they came from afar.
     */
    private boolean bring(Flight flight, ByteBuffer scratch, ByteBuffer plain, Duration time)
            throws FetchException, InterruptedException {
        int length = plain.limit();
        // Another flight may have landed between the reader's look and this one's start.
        if (plainCache.copy(flight.block(), flight.stored(), 0, plain, length)) {
            plain.flip();
            return false;
        }
        boolean fetched =
                storedBlocks.fetch(
                        storedBlocks
                                .demand(
                                        flight.name(),
                                        flight.stored(),
                                        new StoredBlocks.Room(scratch, plain, length),
                                        Deadline.in(time))
                                .rebuiltAs(new Errand.Rebuilt(flight.block(), plain))
                                .watchedBy(() -> begins(flight)));
        plainCache.put(flight, plain.flip());
        return fetched;
    }

    private UnderWay begins(Flight flight) {
        return watch.begins(flight.block(), flight.stored().length(), FetchPurpose.DEMAND);
    }

    /**
     * Fetches a group of blocks together; those that are cached, or cannot be grouped, fly
     * separately.
     */
    private void flyTogether(List<Flight> group) throws InterruptedException {
        List<Flight> missing =
                group.stream().filter(one -> !storedBlocks.isCached(one.stored())).toList();
        if (missing.size() < 2) {
            group.forEach(one -> launch(one, policy.ofRead()));
            return;
        }
        List<Flight> cached = new ArrayList<>(group);
        cached.removeAll(missing);
        cached.forEach(one -> launch(one, policy.ofRead()));
        try {
            fetchTogether(missing);
        } catch (FetchException e) {
            LOG.debug("its blocks are fetched one by one: {}", e.getMessage());
        }
        for (Flight one : missing) {
            if (one.isUpTo(Thread.currentThread())) {
                launch(one, policy.ofRead().minus(policy.ofGroup()));
            }
        }
    }

    /** Lands what it can of them. */
    private void fetchTogether(List<Flight> group) throws FetchException, InterruptedException {
        long begin = group.getFirst().stored().position();
        long end = group.stream().mapToLong(one -> Neighbours.endOf(one.stored())).max().orElse(0);
        int length = (int) (end - begin);
        int plainLength = group.stream().mapToInt(one -> one.block().length()).sum();
        try (BufferPool.Pair pair = buffers.take(length, plainLength)) {
            for (Flight one : group) {
                one.carries(pair);
            }
            storedBlocks.fetch(
                    together(group, pair.first().limit(length), pair.second())
                            .watchedBy(() -> begins(group)));
        }
    }

    private Errand together(List<Flight> group, ByteBuffer range, ByteBuffer plain) {
        Flight first = group.getFirst();
        long begin = first.stored().position();
        List<Errand.Part> parts = new ArrayList<>();
        int at = 0;
        for (Flight one : group) {
            ByteBuffer room = plain.slice(at, one.block().length());
            at += one.block().length();
            parts.add(
                    new Errand.Part(
                            one.name(),
                            (int) (one.stored().position() - begin),
                            one.stored().length(),
                            bytes -> land(one, bytes, room)));
        }
        Check isTheRange = storedBlocks.checks().isRangeFrom(first.stored(), range.remaining());
        return new Errand(
                        group.size() + " blocks from the " + first.name(),
                        new Wanted(
                                first.stored().path(),
                                begin,
                                range.remaining(),
                                FetchPurpose.DEMAND),
                        range,
                        isTheRange,
                        Deadline.in(policy.ofGroup()))
                .of(parts);
    }

    private void land(Flight one, ByteBuffer bytes, ByteBuffer plain)
            throws FetchException, BackendException, InterruptedException {
        storedBlocks
                .checks()
                .takes(one.stored(), plain, plain.remaining(), "the range")
                .take(bytes.duplicate());
        plainCache.put(one, plain.flip());
        flights.land(one, plain);
        storedBlocks.share(one.stored(), bytes.position(bytes.limit()));
        storedBlocks.keep(one.stored(), bytes);
    }

    /** Returns where a block is now. One that is kept rebuilt alone is not looked up. */
    BlockState.Place place(Block block) {
        StoredBlock stored = block.storedOrNull();
        if (stored == null) {
            return BlockState.Place.HOLE;
        }
        if (plainCache.contains(block, stored)) {
            return BlockState.Place.MEMORY;
        }
        if (flights.isUnderWay(block)) {
            return BlockState.Place.FETCHING;
        }
        return storedBlocks.isCached(stored) ? BlockState.Place.CACHED : BlockState.Place.REMOTE;
    }

    /** Fetches, verifies and decodes a block, past all caches. */
    void verify(Block block) throws FetchException, InterruptedException {
        StoredBlock stored = Objects.requireNonNull(block.storedOrNull());
        try (BufferPool.Pair pair = buffers.take(stored.length(), block.length())) {
            ByteBuffer plain = pair.second().limit(block.length());
            storedBlocks.fetch(
                    storedBlocks.decoded(
                            flights.name(block, stored),
                            stored,
                            new StoredBlocks.Room(pair.first(), plain, block.length()),
                            FetchPurpose.VERIFY,
                            Deadline.in(policy.ofRead())));
        }
    }

    private UnderWay begins(List<Flight> group) {
        List<UnderWay> all = group.stream().map(this::begins).toList();
        return (_, good) -> {
            for (int i = 0; i < all.size(); i++) {
                all.get(i).ended(good ? group.get(i).stored().length() : 0, good);
            }
        };
    }

    /** Gives its part of the memory to others. */
    void close() {
        buffers.close();
    }
}
