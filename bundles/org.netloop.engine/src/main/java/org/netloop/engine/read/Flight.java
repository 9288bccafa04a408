package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.Trail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One block under way, and all who wait for it. Whoever lands it copies the bytes to each of them,
 * so that its buffers are free again at once and nobody holds a buffer while waiting for another.
 */
final class Flight {
    private final List<Passenger> passengers = new ArrayList<>();
    private boolean landed;

    /** Set before the thread is started; again, when another one flies it on. */
    private volatile @Nullable Thread pilot;

    /** The buffers it flies with; null while it waits for them. */
    private BufferPool.@Nullable Pair load;

    private boolean abandoned;

    /** Where whoever flies it is; several flights of one pilot have one. */
    private volatile Trail trail = new Trail();

    /** Where it is, for whoever waits for it. */
    Trail trail() {
        return trail;
    }

    void pilot(Thread thread, Trail its) {
        pilot = thread;
        trail = its;
    }

    /**
     * It has its buffers, which are closed by its pilot.
     *
     * @throws InterruptedException if it was abandoned before
     */
    synchronized void carries(BufferPool.Pair pair) throws InterruptedException {
        if (abandoned) {
            throw new InterruptedException("abandoned");
        }
        load = pair;
    }

    /** Its buffers go back to the pool. */
    synchronized void unload() {
        load = null;
    }

    /** Whether anybody on board still waits. */
    synchronized boolean isWanted() {
        return passengers.stream().anyMatch(Passenger::isWaiting);
    }

    /** False if it has landed: the block is in the cache by now, or a new flight is needed. */
    synchronized boolean board(Passenger passenger) {
        if (!landed) {
            passengers.add(passenger);
        }
        return !landed;
    }

    /** Whether anybody waits for it. */
    synchronized boolean isBoarded() {
        return !passengers.isEmpty();
    }

    /** Lands it if nobody waits for it; else it has to be flown to its end. */
    synchronized boolean landEmpty() {
        landed = passengers.isEmpty();
        return landed;
    }

    /** Ends it without an arrival, and returns who has waited. */
    List<Passenger> end() {
        return close();
    }

    /** Gives everybody the bytes, from position 0 to the limit. */
    void land(ByteBuffer plain) {
        close().forEach(passenger -> passenger.arrived(plain));
    }

    /** Tells everybody that it will not arrive. */
    void crash(FetchException why) {
        close().forEach(passenger -> passenger.stranded(why));
    }

    /**
     * It takes too long: nobody else may board, whoever flies it is told to give up, and its
     * buffers are not waited for.
     */
    void abandon(FetchException why) {
        crash(why);
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

    private synchronized List<Passenger> close() {
        landed = true;
        List<Passenger> all = List.copyOf(passengers);
        passengers.clear();
        return all;
    }
}
