package org.netloop.engine.read;

import org.netloop.api.transport.FetchException;

import java.nio.ByteBuffer;

/** The part of a read that waits for one block. */
final class Passenger {
    private final PendingRead read;
    private final int from;
    private final ByteBuffer into;
    private boolean gone;

    /**
     * @param read the read it is a part of
     * @param from the first wanted byte within the block
     * @param into exactly the room to fill
     */
    Passenger(PendingRead read, int from, ByteBuffer into) {
        this.read = read;
        this.from = from;
        this.into = into;
    }

    void arrived(ByteBuffer plain) {
        synchronized (this) {
            if (gone) {
                return;
            }
            into.put(into.position(), plain, from, into.remaining());
        }
        read.partDone(null);
    }

    void stranded(FetchException why) {
        read.partDone(why);
    }

    synchronized boolean isWaiting() {
        return !gone;
    }

    /** When this returns, its room will not be written to any more. */
    synchronized void leave() {
        gone = true;
    }
}
