package org.netloop.frontend.devfuse;

import java.util.concurrent.Semaphore;

/**
 * Memory for waiting requests that those of one file have: 1 MiB of its own, so that no other file
 * keeps it waiting, and beyond that what is free of 16 MiB that all files of all mounts share. Each
 * request takes what it is long, and at least 128 KiB. More wait outside of the volume and hold
 * nothing. Thread-safe.
 */
final class Share {
    private static final int LEAST = 128 << 10;
    private static final int UNIT = 4 << 10;
    private static final int OWN = Negotiation.MOST / UNIT;
    private static final Common OF_ALL = new Common((16 << 20) / UNIT);

    /** Requests of the file that may look for memory at a time, in units, in order of arrival. */
    private final Semaphore turns = new Semaphore((16 << 20) / UNIT, true);

    private final Common common;
    private volatile boolean gone;

    /** Units that are free of what is its own; guarded by the monitor of what is common. */
    private int own = OWN;

    /** Memory that several files share; its monitor guards theirs too. */
    static final class Common {
        private int free;

        Common(int units) {
            free = units;
        }
    }

    /** Creates the share of one more file. */
    Share() {
        this(OF_ALL);
    }

    Share(Common common) {
        this.common = common;
    }

    /** Says that its file is gone. */
    void leave() {
        gone = true;
    }

    /** Returns whether its file is gone. */
    boolean isGone() {
        return gone;
    }

    /** Returns the units for a request of so many bytes, at most {@link Negotiation#MOST}. */
    static int units(int length) {
        return Math.max(LEAST, length + UNIT - 1) / UNIT;
    }

    /**
     * Waits for memory.
     *
     * @return whether it is the file's own
     */
    boolean take(int units) throws InterruptedException {
        turns.acquire(units);
        boolean taken = false;
        try {
            boolean isOwn = takeInTurn(units);
            taken = true;
            return isOwn;
        } finally {
            if (!taken) {
                turns.release(units);
            }
        }
    }

    private boolean takeInTurn(int units) throws InterruptedException {
        synchronized (common) {
            while (own < units && common.free < units) {
                common.wait();
            }
            boolean isOwn = own >= units;
            if (isOwn) {
                own -= units;
            } else {
                common.free -= units;
            }
            return isOwn;
        }
    }

    /**
     * Gives memory back.
     *
     * @param isOwn what {@link #take} returned
     */
    void giveBack(int units, boolean isOwn) {
        synchronized (common) {
            if (isOwn) {
                own += units;
            } else {
                common.free += units;
            }
            common.notifyAll();
        }
        turns.release(units);
    }
}
