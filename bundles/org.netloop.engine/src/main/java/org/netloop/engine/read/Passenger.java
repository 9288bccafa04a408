package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;

/** The part of a read that waits for one block. */
final class Passenger {
    private final Told read;
    private final int from;
    private final ByteBuffer into;
    private boolean gone;

    /** Null before it boards one, and once it was told what became of it. */
    private volatile @Nullable Carrier carrier;

    /** A flight, as its passengers know it: flights know their passengers, not the reverse. */
    interface Carrier {}

    /** Is told what became of a part of a read. */
    @FunctionalInterface
    interface Told {
        /**
         * Notes the end of a part.
         *
         * @param why why it failed; null if it is there
         */
        void partDone(@Nullable FetchException why);
    }

    /**
     * @param read told when it ends
     * @param from the first wanted byte within the block
     * @param into exactly the room to fill
     */
    Passenger(Told read, int from, ByteBuffer into) {
        this.read = read;
        this.from = from;
        this.into = into;
    }

    /** Notes which flight it is on board of now. */
    void waitsFor(Carrier boarded) {
        carrier = boarded;
    }

    /** The flight whose end it waits for; null if there is none. */
    @Nullable Carrier carrier() {
        return carrier;
    }

    void arrived(ByteBuffer plain) {
        carrier = null;
        synchronized (this) {
            if (gone) {
                return;
            }
            into.put(into.position(), plain, from, into.remaining());
        }
        read.partDone(null);
    }

    void failed(FetchException why) {
        carrier = null;
        read.partDone(why);
    }

    synchronized boolean isWaiting() {
        return !gone;
    }

    /** Withdraws the reader's room; once this returns, nothing is written to it. */
    synchronized void leave() {
        gone = true;
    }
}
