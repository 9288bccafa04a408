package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.Trail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One block under way, and all who wait for it. Thread-safe. */
final class Flight implements Passenger.Carrier {
    private final Block block;
    private final StoredBlock stored;
    private final String name;
    private final List<Passenger> passengers = new ArrayList<>();
    private boolean over;

    /** Set before the thread is started; again, when another one flies it on. */
    private volatile @Nullable Thread pilot;

    /** The buffers it flies with; null while it waits for them. */
    private BufferPool.@Nullable Pair load;

    private boolean abandoned;

    /** Backend that its pilot is inside of; several flights of one pilot share it. */
    private volatile Trail trail = new Trail();

    /**
     * @param block no hole
     * @param volume names the volume in messages
     */
    Flight(Block block, StoredBlock stored, String volume) {
        this.block = block;
        this.stored = stored;
        this.name = name(block, stored, volume);
    }

    /** Returns a block's name in messages. */
    static String name(Block block, StoredBlock stored, String volume) {
        return "block at " + block.offset() + " (" + stored.key().brief() + ") of volume " + volume;
    }

    Block block() {
        return block;
    }

    StoredBlock stored() {
        return stored;
    }

    /** Returns the name used in messages. */
    String name() {
        return name;
    }

    /** The backend that its pilot is inside of, for whoever waits for it. */
    Trail trail() {
        return trail;
    }

    void pilot(Thread thread, Trail its) {
        pilot = thread;
        trail = its;
    }

    /** Returns whether its outcome still depends on that thread. */
    synchronized boolean isUpTo(Thread thread) {
        return !over && pilot == thread;
    }

    /**
     * Records its buffers, which its pilot closes.
     *
     * @throws InterruptedException if it was abandoned before
     */
    synchronized void carries(BufferPool.Pair pair) throws InterruptedException {
        if (abandoned) {
            throw new InterruptedException("abandoned");
        }
        load = pair;
    }

    /** Records that its buffers return to the pool. */
    synchronized void unload() {
        load = null;
    }

    /** Returns whether any passenger still waits. */
    synchronized boolean isWanted() {
        return passengers.stream().anyMatch(Passenger::isWaiting);
    }

    /** False if it is over: the block is in the cache by now, or a new flight is needed. */
    synchronized boolean board(Passenger passenger) {
        if (!over) {
            passengers.add(passenger);
            passenger.waitsFor(this);
        }
        return !over;
    }

    /** Returns whether it has any passenger. */
    synchronized boolean isBoarded() {
        return !passengers.isEmpty();
    }

    /** Ends it if nobody waits for it; else it has to be flown to its end. */
    synchronized boolean landEmpty() {
        over = passengers.isEmpty();
        return over;
    }

    /** Ends it without an arrival, and returns who has waited. */
    synchronized List<Passenger> end() {
        over = true;
        List<Passenger> all = List.copyOf(passengers);
        passengers.clear();
        return all;
    }

    /** Gives everybody the bytes, from position 0 to the limit. */
    void land(ByteBuffer plain) {
        end().forEach(passenger -> passenger.arrived(plain));
    }

    /** Tells everybody that it will not arrive. */
    void fail(FetchException why) {
        end().forEach(passenger -> passenger.failed(why));
    }

    /**
     * Abandons a flight that takes too long: it accepts no more passengers, its pilot is told to
     * give up, and its buffers are not waited for.
     */
    void abandon(FetchException why) {
        fail(why);
        writeOff();
        Thread thread = pilot;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private synchronized void writeOff() {
        abandoned = true;
        if (load != null) {
            load.writeOff();
        }
    }
}
