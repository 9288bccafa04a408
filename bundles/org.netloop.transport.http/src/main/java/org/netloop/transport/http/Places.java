package org.netloop.transport.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places for fetches under way. Each origin has some that no other can take, so that a good mirror
 * is asked however many others hang; beyond those, origins share a common number of places. No
 * fetch overtakes those that already wait for the same origin. Thread-safe.
 */
final class Places {
    /** Origins in use at a time that have places of their own; those after them share. */
    private static final int MOST_ORIGINS = 128;

    /** Places of an origin that no other can take. */
    private static final int OWN = 8;

    private static final int ORIGINS_THAT_SHARE = 4;

    private final int each;
    private final int shared;
    private final int own;
    private final ReentrantLock lock = new ReentrantLock();

    /** Fetches by origin; only of those that have any, or waiting ones. Guarded by the lock. */
    private final Map<Origin, Line> lines = new HashMap<>();

    /** Places taken beyond those that origins have of their own. Guarded by the lock. */
    private int sharedTaken;

    /**
     * @param each most fetches from one origin at a time, at least 1
     * @param shared most fetches at a time beyond those in origins' own places, at least 1; an
     *     origin gets at most a quarter of them in all
     */
    Places(int each, int shared) {
        this.each = Math.min(each, Math.max(1, shared / ORIGINS_THAT_SHARE));
        this.shared = shared;
        this.own = Math.min(OWN, this.each);
    }

    /** Most fetches from one origin at a time. */
    int each() {
        return each;
    }

    /** Most fetches at a time, over all origins. */
    int all() {
        return shared + own * MOST_ORIGINS;
    }

    /** A place, until it is closed. Closed once. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** The fetches from one origin. */
    private final class Line {
        private final Condition changed = lock.newCondition();
        private final int reserved = lines.size() < MOST_ORIGINS ? own : 0;
        private int taken;
        private int waiting;

        boolean isFree() {
            return taken < each && (taken < reserved || sharedTaken < shared);
        }
    }

    /**
     * Takes a place, waiting for it if there is none.
     *
     * @param deadline as of {@link System#nanoTime}
     * @throws TimeoutException if none came free by then
     */
    Place take(Origin origin, long deadline) throws TimeoutException, InterruptedException {
        lock.lockInterruptibly();
        try {
            Line line = lines.computeIfAbsent(origin, _ -> new Line());
            try {
                await(line, deadline);
                line.taken++;
                sharedTaken += line.taken > line.reserved ? 1 : 0;
            } finally {
                drop(origin, line);
            }
            return () -> giveBack(origin, line);
        } finally {
            lock.unlock();
        }
    }

    private void await(Line line, long deadline) throws TimeoutException, InterruptedException {
        // Whoever came before goes first.
        boolean free = line.waiting == 0 && line.isFree();
        line.waiting++;
        try {
            while (!free) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new TimeoutException();
                }
                line.changed.await(left, TimeUnit.NANOSECONDS);
                free = line.isFree();
            }
        } finally {
            line.waiting--;
            // A signal that came as the time was up is the next one's.
            if (line.waiting > 0 && line.isFree()) {
                line.changed.signal();
            }
        }
    }

    private void giveBack(Origin origin, Line line) {
        lock.lock();
        try {
            boolean wasShared = line.taken > line.reserved;
            line.taken--;
            line.changed.signal();
            if (wasShared) {
                sharedTaken--;
                lines.values().forEach(other -> other.changed.signal());
            }
            drop(origin, line);
        } finally {
            lock.unlock();
        }
    }

    private void drop(Origin origin, Line line) {
        if (line.taken == 0 && line.waiting == 0) {
            lines.remove(origin);
        }
    }
}
