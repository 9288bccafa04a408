package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.frontend.nbd.Buffers.Buffer;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of all clients of a frontend, within one budget. Two thirds of it are divided among
 * the seats for clients: each has a buffer of its own, whatever the others do. The rest is common,
 * for reads that wait for their blocks: a client may use as much of it as it leaves free, and the
 * clients of one volume twice as much, so that whoever comes later finds some. Thread-safe.
 */
final class Memory {
    /** The most and the least data that a client's own buffer has room for, in bytes. */
    private static final int LARGEST_OWN = 256 << 10;

    private static final int SMALLEST_OWN = 16 << 10;

    /**
     * Number of parts that the budget is divided into; {@link #PARTS_OF_SEATS} of them are for the
     * seats.
     */
    private static final int PARTS = 3;

    private static final int PARTS_OF_SEATS = 2;

    /** Room for the requests of a client, in bytes. */
    private static final int REQUESTS = 16 << 10;

    /**
     * Most memory that the clients of one volume may use together, as a multiple of the free
     * memory.
     */
    private static final int VOLUME_FACTOR = 2;

    /** Part of the common memory that clients of TLS may use together, as a divisor. */
    private static final int TLS_DIVISOR = 2;

    private final Buffers buffers;
    private final int clients;
    private final int ownLength;
    private final long common;
    private final ReentrantLock lock = new ReentrantLock();

    /** Common memory in use, in bytes; guarded by the lock, like all counts here. */
    private long used;

    /** Part of that for TLS. */
    private long usedForTls;

    private final Condition givenOfTls = lock.newCondition();

    /** Common memory used by the clients of one volume. */
    static final class Account {
        private long used;
    }

    /**
     * @param budget in bytes
     * @param mostClients how many clients there may be; fewer, if the budget has no room for them
     */
    Memory(long budget, int mostClients) {
        long ofSeats = Math.max(budget / PARTS * PARTS_OF_SEATS, SMALLEST_OWN);
        clients = (int) Math.min(mostClients, ofSeats / SMALLEST_OWN);
        int length = LARGEST_OWN;
        while (length > SMALLEST_OWN && (long) clients * length > ofSeats) {
            length /= 2;
        }
        ownLength = length;
        long ofClients = (long) clients * (Buffers.cost(length) + Buffers.cost(REQUESTS));
        common = Math.max(Buffers.cost(Buffers.LARGEST), budget - ofClients);
        buffers = new Buffers(ofClients + common);
    }

    /** Returns the number of clients that there are buffers for. */
    int clients() {
        return clients;
    }

    /** Returns the capacity for data of a client's own buffer, in bytes. */
    int ownLength() {
        return ownLength;
    }

    /** The buffer that each client may have, one at a time. */
    Buffer takeOwn() {
        return buffers.take(ownLength);
    }

    /** Room for the requests of a client, which it has as long as it is connected. */
    Buffer takeForRequests() {
        return buffers.take(REQUESTS);
    }

    void give(Buffer buffer) {
        buffers.give(buffer);
    }

    /**
     * Room for the records of a client of TLS; null if others use what there is, and go on to.
     *
     * @param longest time to wait for it
     */
    @Nullable Buffer takeForTls(Duration longest) throws InterruptedException {
        int cost = Buffers.cost(TlsChannel.MEMORY);
        lock.lockInterruptibly();
        try {
            long left = longest.toNanos();
            while (usedForTls + cost > common / TLS_DIVISOR || used + cost > common) {
                if (left <= 0) {
                    return null;
                }
                left = givenOfTls.awaitNanos(left);
            }
            used += cost;
            usedForTls += cost;
            return buffers.take(TlsChannel.MEMORY);
        } finally {
            lock.unlock();
        }
    }

    /** Takes back a buffer of {@link #takeForTls}. */
    void giveOfTls(Buffer buffer) {
        lock.lock();
        try {
            buffers.give(buffer);
            used -= buffer.bytes().capacity();
            usedForTls -= buffer.bytes().capacity();
            givenOfTls.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Frees what is idle. */
    void trim() {
        buffers.trim();
    }

    /** Returns the allocated memory in bytes, in use and idle. */
    long allocated() {
        return buffers.allocated();
    }

    /** Returns the share of common memory of one client, which reads the volume of that account. */
    Share share(Account volume) {
        return new Share(volume);
    }

    /** One client's part of what is common. Thread-safe. */
    final class Share {
        private final Account volume;
        private final Condition given = lock.newCondition();
        private long ours;

        private Share(Account volume) {
            this.volume = volume;
        }

        /** Takes a buffer without waiting; null if there is not enough memory now. */
        @Nullable Buffer tryTake(int length) {
            lock.lock();
            try {
                return isAllowed(Buffers.cost(length)) ? grant(length) : null;
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits for buffers that this client itself will give back; null if it has none, as others
         * use what there is: it goes on with its own buffer then.
         */
        @Nullable Buffer take(int length) throws InterruptedException {
            int cost = Buffers.cost(length);
            lock.lockInterruptibly();
            try {
                while (!isAllowed(cost)) {
                    if (ours == 0) {
                        given.signal();
                        return null;
                    }
                    given.await();
                }
                // There may be room for the next one who waits.
                given.signal();
                return grant(length);
            } finally {
                lock.unlock();
            }
        }

        private boolean isAllowed(int cost) {
            long free = common - used;
            return ours + cost <= free && volume.used + cost <= VOLUME_FACTOR * free;
        }

        private Buffer grant(int length) {
            Buffer buffer = buffers.take(length);
            count(buffer.bytes().capacity());
            return buffer;
        }

        private void count(int cost) {
            used += cost;
            ours += cost;
            volume.used += cost;
        }

        void give(Buffer buffer) {
            lock.lock();
            try {
                buffers.give(buffer);
                count(-buffer.bytes().capacity());
                given.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
