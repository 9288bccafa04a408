package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Direct buffers for blocks under way, bounded in bytes all together. Each user (a volume) has a
 * share: a part of the budget that others cannot take, and what is free of the common rest, up to a
 * limit. Whoever finds no room waits in order of arrival within the share; between shares they take
 * turns. A user with nothing under way always gets one pair, whatever others hold. Thread-safe.
 *
 * <table>
 * <caption>Of the budget</caption>
 * <tr><td>1/4</td><td>is divided among the shares: so much each of them has for itself</td></tr>
 * <tr><td>3/4</td><td>are common, and the most that one share has at a time</td></tr>
 * <tr><td>1/2</td><td>may be in use for what nobody waits for yet; by one share, 3/8</td></tr>
 * <tr><td>once more</td><td>may be written off</td></tr>
 * </table>
 *
 * <p>Buffers that do not come back, as a backend hangs with them, may be written off: others get
 * fresh ones in their place, as long as what is written off is no more than the budget. Nobody gets
 * the same ones before whoever has them is done.
 */
public final class BufferPool {
    private static final int UNIT = 1 << 10;
    private static final int PARTS = 4;

    private final int units;

    /** The most that one share has, and that all have of the common part. */
    private final int common;

    private final IdleBuffers buffers;

    // All guarded by the monitor, as what the shares have of it is.
    private final List<Share> shares = new ArrayList<>();
    private int early;
    private int writtenOff;
    private int turn;

    /**
     * @param budget how many bytes may be in use at a time
     */
    public BufferPool(long budget) {
        units = Math.toIntExact(Math.max(1, budget / UNIT));
        common = Math.max(1, units - units / PARTS);
        buffers = new IdleBuffers(budget);
    }

    /** Returns a share for one user, who closes it. */
    public synchronized Share share() {
        Share share = new Share();
        shares.add(share);
        return share;
    }

    /** Gives back the memory of buffers that lie idle. */
    public void clear() {
        buffers.clear();
    }

    /**
     * Keeps no memory from now on: what is in use is given back to the system when it comes back.
     */
    void close() {
        buffers.close();
    }

    private int wanted(int first, int second) {
        long bytes = (long) IdleBuffers.rounded(first) + IdleBuffers.rounded(second);
        return (int) Math.min(units, bytes / UNIT);
    }

    /**
     * Returns the units reserved for each share; computed for at least two shares, so that one
     * leaves some for another.
     */
    private int ofItsOwn() {
        return units / PARTS / Math.max(2, shares.size());
    }

    private int inCommon() {
        return shares.stream().mapToInt(share -> share.beyond(share.used)).sum();
    }

    /** Serves the waiting users, as far as there is room now. Under the monitor. */
    private void grant() {
        for (int i = 0; i < shares.size(); i++) {
            shares.get(Math.floorMod(turn + i, shares.size())).grantFirst();
        }
        turn++;
    }

    private static final class Waiter {
        final int wanted;
        final CountDownLatch granted = new CountDownLatch(1);

        Waiter(int wanted) {
            this.wanted = wanted;
        }

        boolean isGranted() {
            return granted.getCount() == 0;
        }
    }

    /** Share of the pool for one user. Thread-safe. */
    public final class Share implements AutoCloseable {
        private final Deque<Waiter> waiting = new ArrayDeque<>();
        private int used;
        private int usedEarly;
        private boolean closed;

        private Share() {}

        private int beyond(int use) {
            return Math.max(0, use - ofItsOwn());
        }

        private boolean fits(int wanted) {
            int after = used + wanted;
            return used == 0
                    || after <= common && inCommon() - beyond(used) + beyond(after) <= common;
        }

        private void grantFirst() {
            while (waiting.peek() instanceof Waiter first && fits(first.wanted)) {
                waiting.remove();
                used += first.wanted;
                first.granted.countDown();
            }
        }

        /** Waits for room, then gives two buffers of at least those capacities. */
        public Pair take(int first, int second) throws InterruptedException {
            Waiter mine = new Waiter(wanted(first, second));
            synchronized (BufferPool.this) {
                waiting.add(mine);
                grantFirst();
            }
            try {
                mine.granted.await();
            } catch (InterruptedException e) {
                leave(mine);
                throw e;
            }
            return pair(first, second, mine.wanted, 0);
        }

        private void leave(Waiter waiter) {
            synchronized (BufferPool.this) {
                if (waiter.isGranted()) {
                    release(waiter.wanted, 0);
                } else {
                    waiting.remove(waiter);
                    grantFirst();
                }
            }
        }

        /**
         * Takes a pair like {@link #take}, from half of the room and without waiting; null if that
         * is used up.
         */
        @Nullable Pair tryTakeEarly(int first, int second) {
            int wanted = wanted(first, second);
            synchronized (BufferPool.this) {
                int most = units / 2;
                if (early + wanted > most
                        || usedEarly > 0 && usedEarly + wanted > most - most / PARTS
                        || !waiting.isEmpty()
                        || !fits(wanted)) {
                    return null;
                }
                used += wanted;
                usedEarly += wanted;
                early += wanted;
            }
            return pair(first, second, wanted, wanted);
        }

        private Pair pair(int first, int second, int wanted, int ofEarly) {
            boolean good = false;
            try {
                Pair pair =
                        new Pair(buffers.take(first), buffers.take(second), this, wanted, ofEarly);
                good = true;
                return pair;
            } finally {
                if (!good) {
                    release(wanted, ofEarly);
                }
            }
        }

        private void release(int units, int ofEarly) {
            synchronized (BufferPool.this) {
                used -= units;
                usedEarly -= ofEarly;
                early -= ofEarly;
                forgetIfClosed();
                grant();
                // A share that is forgotten takes no part in the turns.
                grantFirst();
            }
        }

        private void forgetIfClosed() {
            if (closed && used == 0) {
                shares.remove(this);
            }
        }

        /** The user is gone: others have its part once all its buffers are back. */
        @Override
        public void close() {
            synchronized (BufferPool.this) {
                closed = true;
                forgetIfClosed();
                grant();
            }
        }
    }

    /**
     * Buffers that are taken, and given back, together: nobody waits for one while holding another.
     */
    public final class Pair implements AutoCloseable {
        private final IdleBuffers.Buffer first;
        private final IdleBuffers.Buffer second;
        private final Share share;
        private final int ofAll;
        private final int ofEarly;
        private boolean isWrittenOff;
        private boolean closed;

        private Pair(
                IdleBuffers.Buffer first,
                IdleBuffers.Buffer second,
                Share share,
                int ofAll,
                int ofEarly) {
            this.first = first;
            this.second = second;
            this.share = share;
            this.ofAll = ofAll;
            this.ofEarly = ofEarly;
        }

        /** The first buffer, cleared. */
        public ByteBuffer first() {
            return first.bytes();
        }

        /** The second buffer, cleared. */
        public ByteBuffer second() {
            return second.bytes();
        }

        /**
         * Lets others have fresh buffers in their place, which are not expected back soon; does
         * nothing if too many were written off. May be called by another thread.
         */
        public void writeOff() {
            synchronized (BufferPool.this) {
                if (!closed && !isWrittenOff && writtenOff + ofAll <= units) {
                    isWrittenOff = true;
                    writtenOff += ofAll;
                    share.release(ofAll, ofEarly);
                }
            }
        }

        /** Gives both back; they must not be touched afterwards. Called once. */
        @Override
        public void close() {
            synchronized (BufferPool.this) {
                closed = true;
                if (isWrittenOff) {
                    writtenOff -= ofAll;
                    buffers.drop(first);
                    buffers.drop(second);
                } else {
                    buffers.recycle(first);
                    buffers.recycle(second);
                    share.release(ofAll, ofEarly);
                }
            }
        }
    }
}
