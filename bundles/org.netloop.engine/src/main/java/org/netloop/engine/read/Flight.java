package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;

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

    /** Set once, before the thread is started. */
    private @Nullable Thread pilot;

    void pilot(Thread thread) {
        pilot = thread;
    }

    /** False if it has landed: the block is in the cache by now, or a new flight is needed. */
    synchronized boolean board(Passenger passenger) {
        if (!landed) {
            passengers.add(passenger);
        }
        return !landed;
    }

    /** Gives everybody the bytes, from position 0 to the limit. */
    void land(ByteBuffer plain) {
        close().forEach(passenger -> passenger.arrived(plain));
    }

    /** Tells everybody that it will not arrive. */
    void crash(FetchException why) {
        close().forEach(passenger -> passenger.stranded(why));
    }

    /** It takes too long: nobody else may board, and whoever flies it is told to give up. */
    void abandon() {
        close();
        Thread thread = pilot;
        if (thread != null) {
            thread.interrupt();
        }
    }

    private synchronized List<Passenger> close() {
        landed = true;
        List<Passenger> all = List.copyOf(passengers);
        passengers.clear();
        return all;
    }
}
