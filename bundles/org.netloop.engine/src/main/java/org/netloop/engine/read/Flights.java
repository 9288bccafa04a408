package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.Trail;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The blocks of a volume that are under way: a table of flights, the threads that fly them, and how
 * they end. It knows nothing of how a block is had. Whatever a pilot throws ends here, and no
 * flight outlives its pilot: all who wait are told at once. Thread-safe.
 */
public final class Flights {
    private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

    private final String volume;

    /**
     * Flights by block identity: blocks with one stored form need not decode to the same plain
     * bytes.
     */
    private final ConcurrentMap<Digest, Flight> table = new ConcurrentHashMap<>();

    private final Pilots pilots = new Pilots();

    private volatile boolean closed;

    /**
     * @param volume names the volume in messages
     */
    public Flights(String volume) {
        this.volume = volume;
    }

    /** Brings blocks: what the pilot of their flights does. */
    @FunctionalInterface
    interface Way {
        /** Ends its flights, or has others fly them on. */
        void fly() throws FetchException, InterruptedException;
    }

    /** Ends a flight that its pilot did not end. */
    @FunctionalInterface
    interface Ending {
        void end(Flight flight, FetchException why);
    }

    /** Returns the number of blocks under way. */
    int count() {
        return table.size();
    }

    /** Returns whether a block is under way. */
    boolean isUnderWay(Block block) {
        return table.containsKey(block.identity());
    }

    /** The flight of a block; null if there is none. */
    @Nullable Flight of(Block block) {
        return table.get(block.identity());
    }

    /** A new flight of a block, for the caller to start; null if there is one already. */
    @Nullable Flight admit(Block block) {
        Flight fresh = new Flight(block, Objects.requireNonNull(block.storedOrNull()), volume);
        return table.putIfAbsent(block.identity(), fresh) == null ? fresh : null;
    }

    /** Returns a block's name in messages. */
    String name(Block block, StoredBlock stored) {
        return Flight.name(block, stored, volume);
    }

    /** Fails once the volume is closed. */
    void requireOpen() throws FetchException {
        if (closed) {
            throw isClosed();
        }
    }

    /**
     * Flies all of them on a thread of their own, named by the first block.
     *
     * @param ending for each that still depends on this pilot when the way ends, however it does
     */
    void start(List<Flight> all, Way way, Ending ending) {
        pilots.begins();
        boolean started = false;
        try {
            pilot(all, way, ending).start();
            started = true;
        } finally {
            if (!started) {
                pilots.ends();
                String why = all.getFirst().name() + " got no thread";
                all.forEach(flight -> fail(flight, new FetchException.Unavailable(why, null)));
            }
        }
    }

    private Thread pilot(List<Flight> all, Way way, Ending ending) {
        Trail trail = new Trail();
        Thread pilot =
                Thread.ofVirtual()
                        .name("block-" + all.getFirst().block().offset())
                        .unstarted(
                                () -> {
                                    try {
                                        trail.run(() -> fly(all, way, ending));
                                    } finally {
                                        pilots.ends();
                                    }
                                });
        all.forEach(flight -> flight.pilot(pilot, trail));
        return pilot;
    }

    /** The one place where it is decided what becomes of whatever goes wrong on the way. */
    private void fly(List<Flight> all, Way way, Ending ending) {
        String name = all.getFirst().name();
        FetchException why = new FetchException.Unavailable(name + " did not arrive", null);
        try {
            way.fly();
        } catch (FetchException e) {
            why = e;
        } catch (InterruptedException e) {
            why = new FetchException.Unavailable(name + " was given up", e);
        } catch (RuntimeException | Error e) {
            why = new FetchException.Unavailable(name + " failed: " + e, e);
            LOG.error("{} failed in a way it should not", name, e);
        } finally {
            for (Flight flight : all) {
                if (flight.isUpTo(Thread.currentThread())) {
                    end(flight, ending, why);
                }
            }
        }
    }

    private void end(Flight flight, Ending ending, FetchException why) {
        try {
            ending.end(flight, why);
        } catch (RuntimeException | Error e) {
            LOG.error("{} did not end as it should", flight.name(), e);
        } finally {
            // Does nothing to a flight that is over.
            fail(flight, why);
        }
    }

    /** Gives everybody on board the bytes, and opens the way for the next flight. */
    void land(Flight flight, ByteBuffer plain) {
        remove(flight);
        flight.land(plain);
    }

    /** Ends a flight if nobody is on board; else false. */
    boolean landEmpty(Flight flight) {
        remove(flight);
        return flight.landEmpty();
    }

    /** Tells everybody on board that it will not arrive. */
    void fail(Flight flight, FetchException why) {
        remove(flight);
        flight.fail(why);
    }

    /** Ends a flight, and returns who was on board. */
    List<Passenger> end(Flight flight) {
        remove(flight);
        return flight.end();
    }

    private void remove(Flight flight) {
        table.remove(flight.block().identity(), flight);
    }

    /** Gives up a flight, if it is under way, for all who wait for it. */
    void abandon(Flight flight, String why) {
        if (table.remove(flight.block().identity(), flight)) {
            String hanging = flight.trail().blame();
            flight.abandon(
                    new FetchException.Unavailable(
                            why + (hanging == null ? "no buffer came free" : hanging + " hangs"),
                            null));
        }
    }

    /**
     * Returns when no block is under way, or being kept, any more; or after the time given, and
     * then those are given up. From then on every flight fails at once, whenever it began.
     */
    void close(Duration time) throws InterruptedException {
        try {
            if (!pilots.awaitNone(Deadline.in(time))) {
                LOG.warn("volume {} is left with {} blocks under way", volume, count());
            }
        } finally {
            closed = true;
            table.values().forEach(flight -> flight.abandon(isClosed()));
        }
    }

    private FetchException isClosed() {
        return new FetchException.Unavailable("volume " + volume + " is closed", null);
    }
}
