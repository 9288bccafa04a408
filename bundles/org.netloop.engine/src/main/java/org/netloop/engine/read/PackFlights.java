package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.UnderWay;
import org.netloop.engine.fetch.Wanted;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Flights of several blocks at a time, which lie one after the other in a pack: one request brings
 * them, and each is verified by itself. Thread-safe.
 */
public final class PackFlights {
    private static final Logger LOG = LoggerFactory.getLogger(PackFlights.class);

    private final Flights flights;
    private final EarlyFlights early;
    private final StoredBlocks storedBlocks;
    private final EarlyFlights.Means means;

    /**
     * @param flights the table they are in
     * @param early lands each block, or hands it over
     */
    public PackFlights(
            Flights flights,
            EarlyFlights early,
            StoredBlocks storedBlocks,
            EarlyFlights.Means means) {
        this.flights = flights;
        this.early = early;
        this.storedBlocks = storedBlocks;
        this.means = means;
    }

    /** A flight, and where its block begins in what comes. */
    private record Place(Flight flight, int from) {}

    /** Content of one request, with its destinations. */
    private record Load(PackRange range, List<Place> places, FetchPurpose purpose) {}

    /**
     * Begins to fetch a range; false if no buffer is free. What is under way already stays so.
     *
     * @param ifItFails run when none of its blocks is under way here any more
     */
    public boolean start(PackRange range, FetchPurpose purpose, Runnable ifItFails) {
        BufferPool.Pair pair = means.buffers().tryTakeEarly(range.length(), 0);
        if (pair == null) {
            return false;
        }
        List<Place> places = places(range);
        if (places.isEmpty()) {
            pair.close();
            return true;
        }
        UnderWay underWay =
                means.watch().begins(range.blocks().getFirst(), range.length(), purpose);
        flights.start(
                places.stream().map(Place::flight).toList(),
                () -> {
                    try (pair) {
                        fly(new Load(range, places, purpose), pair, underWay, ifItFails);
                    }
                },
                early::handOver);
        return true;
    }

    private List<Place> places(PackRange range) {
        List<Place> places = new ArrayList<>();
        int from = 0;
        for (Block block : range.blocks()) {
            Flight flight = flights.admit(block);
            if (flight != null) {
                places.add(new Place(flight, from));
            }
            from += PackRange.stored(block).length();
        }
        return places;
    }

    private void fly(Load load, BufferPool.Pair pair, UnderWay underWay, Runnable ifItFails)
            throws InterruptedException {
        ByteBuffer scratch = pair.first();
        boolean good = false;
        try {
            for (Place place : load.places()) {
                place.flight().carries(pair);
            }
            storedBlocks.fetch(errand(load, scratch));
            good = true;
        } catch (FetchException e) {
            LOG.warn("the blocks are fetched one by one: {}", e.getMessage());
        } finally {
            underWay.ended(good ? scratch.position() : 0, good);
            if (!good) {
                handOver(load);
                ifItFails.run();
            }
        }
        if (good) {
            means.counters().aheadBlocks.add(load.range().blocks().size());
            means.counters().aheadBytes.add(scratch.position());
            for (Place place : load.places()) {
                int length = place.flight().stored().length();
                ByteBuffer bytes = scratch.slice(place.from(), length).position(length);
                storedBlocks.share(place.flight().stored(), bytes);
                early.arrive(place.flight(), bytes);
            }
        }
    }

    /** Ends its flights before anybody is told, who would find the blocks under way otherwise. */
    private void handOver(Load load) {
        FetchException why =
                new FetchException.Unavailable(load.range().path() + " did not come", null);
        load.places().forEach(place -> early.handOver(place.flight(), why));
    }

    private Errand errand(Load load, ByteBuffer scratch) {
        PackRange range = load.range();
        return new Errand(
                range.path() + " from byte " + range.position() + " on",
                new Wanted(range.path(), range.position(), range.length(), load.purpose()),
                scratch.clear().limit(range.length()),
                storedBlocks.checks().isOf(range),
                Deadline.in(means.time()));
    }
}
