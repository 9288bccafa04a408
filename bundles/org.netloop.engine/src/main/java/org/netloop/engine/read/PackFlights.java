package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Flights of several blocks at a time, which lie one after the other in a pack: one request brings
 * them, and each is verified by itself. Thread-safe.
 */
public final class PackFlights {
    private static final Logger LOG = LoggerFactory.getLogger(PackFlights.class);

    private final BlockReader reader;
    private final BufferPool.Share buffers;
    private final EarlyFlights landing;
    private final StoredBlocks storedBlocks;
    private final Duration patience;

    /** Beside the flights of a reader, landing as those of single blocks do. */
    public PackFlights(
            BlockReader reader,
            BufferPool.Share buffers,
            EarlyFlights landing,
            StoredBlocks storedBlocks,
            Duration patience) {
        this.reader = reader;
        this.buffers = buffers;
        this.landing = landing;
        this.storedBlocks = storedBlocks;
        this.patience = patience;
    }

    /**
     * A range of a pack.
     *
     * @param path the pack, relative to a mirror's base URI
     * @param position where in it the first block begins
     * @param blocks those it holds from there on, without gaps, each stored under its own digest
     */
    public record Range(String path, long position, List<Block> blocks) {

        /** Copies the list. */
        public Range {
            blocks = List.copyOf(blocks);
        }

        /** How many stored bytes it has. */
        public int length() {
            return Math.toIntExact(
                    blocks.stream().mapToLong(block -> stored(block).length()).sum());
        }
    }

    private record Seat(Block block, StoredBlock stored, int from, Flight flight) {}

    private static StoredBlock stored(Block block) {
        return Objects.requireNonNull(block.storedOrNull());
    }

    /** Begins to fetch a range; false if no buffer is free. What is under way already stays so. */
    public boolean start(Range range, FetchPurpose purpose, Runnable ifItFails) {
        BufferPool.Pair pair = buffers.tryTakeEarly(range.length(), 0);
        if (pair == null) {
            return false;
        }
        List<Seat> seats = new ArrayList<>();
        int from = 0;
        for (Block block : range.blocks()) {
            StoredBlock stored = stored(block);
            Flight flight = reader.admit(block);
            if (flight != null) {
                seats.add(new Seat(block, stored, from, flight));
            }
            from += stored.length();
        }
        if (seats.isEmpty()) {
            pair.close();
            return true;
        }
        Watch.Trip trip = reader.watch().begins(range.blocks().getFirst(), range.length(), purpose);
        reader.start(
                seats.stream().map(Seat::flight).toList(),
                seats.getFirst().block(),
                () -> {
                    try (pair) {
                        fly(range, seats, pair, purpose, trip, ifItFails);
                    }
                });
        return true;
    }

    private void fly(
            Range range,
            List<Seat> seats,
            BufferPool.Pair pair,
            FetchPurpose purpose,
            Watch.Trip trip,
            Runnable ifItFails) {
        ByteBuffer scratch = pair.first();
        boolean good = false;
        try {
            for (Seat seat : seats) {
                seat.flight().carries(pair);
            }
            storedBlocks.fetchPacked(
                    range.path() + " from byte " + range.position() + " on",
                    range,
                    scratch,
                    purpose,
                    Deadline.in(patience));
            good = true;
        } catch (FetchException e) {
            LOG.warn("the blocks are fetched one by one: {}", e.getMessage());
        } catch (InterruptedException _) {
            LOG.debug("{} was given up", range.path());
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed in a way it should not", range.path(), e);
        } finally {
            trip.ended(good ? scratch.position() : 0, good);
        }
        if (!good) {
            ifItFails.run();
        }
        for (Seat seat : seats) {
            if (good) {
                ByteBuffer one = scratch.slice(seat.from(), seat.stored().length());
                landing.arrive(
                        seat.flight(), seat.block(), seat.stored(), one.position(one.limit()));
            } else {
                reader.handOver(seat.flight(), seat.block());
            }
        }
    }
}
