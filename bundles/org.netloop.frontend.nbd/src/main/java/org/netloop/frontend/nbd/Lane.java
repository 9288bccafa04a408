package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.frontend.nbd.Buffers.Buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The way back to one client: whole replies, one after the other, and the buffer that this client
 * has to itself. Whoever writes, or uses the buffer, holds the lock. Thread-safe.
 */
final class Lane {
    /** A client has to take so many bytes, or all that is left, within the time for a write. */
    private static final int SLICE = 260 << 10;

    private final WritableByteChannel channel;
    private final Memory memory;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private @Nullable Buffer own;

    /** Start of the write under way; 0 if there is none. */
    private volatile long sinceNanos;

    Lane(WritableByteChannel channel, Memory memory, LongSupplier nanoClock) {
        this.channel = channel;
        this.memory = memory;
        this.nanoClock = nanoClock;
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    /** Takes the lock, and the client's own buffer, empty. */
    ByteBuffer lockOwn() {
        lock.lock();
        boolean taken = false;
        try {
            ByteBuffer buffer = own().clear();
            taken = true;
            return buffer;
        } finally {
            if (!taken) {
                lock.unlock();
            }
        }
    }

    /**
     * Returns the client's own buffer; requires the lock. Its content is lost when the lock is
     * released.
     */
    ByteBuffer own() {
        Buffer buffer = own;
        if (buffer == null) {
            buffer = memory.takeOwn();
            own = buffer;
        }
        return buffer.bytes();
    }

    /** Writes whole replies, or parts that others will complete; requires the lock. */
    void write(ByteBuffer replies) throws IOException {
        int end = replies.limit();
        try {
            while (replies.position() < end) {
                replies.limit(Math.min(end, replies.position() + SLICE));
                sinceNanos = nanoClock.getAsLong() | 1;
                channel.write(replies);
            }
        } finally {
            replies.limit(end);
            sinceNanos = 0;
        }
    }

    /** Writes whole replies. */
    void send(ByteBuffer replies) throws IOException {
        lock.lock();
        try {
            write(replies);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the connection, as a reply was begun that cannot be finished. */
    void breakOff() throws IOException {
        channel.close();
    }

    /** Returns whether the client has accepted nothing for that long. */
    boolean isStuck(long nowNanos, long longestNanos) {
        long since = sinceNanos;
        return since != 0 && nowNanos - since > longestNanos;
    }

    /** Gives the buffer back if nobody uses it now; whoever needs one takes another. */
    void rest() {
        if (lock.tryLock()) {
            try {
                giveBack();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Gives the buffer back for good. */
    void close() {
        lock.lock();
        try {
            giveBack();
        } finally {
            lock.unlock();
        }
    }

    private void giveBack() {
        if (own != null) {
            memory.give(own);
            own = null;
        }
    }
}
