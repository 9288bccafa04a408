package org.netloop.cache.redis;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Changes that are still to be sent to the server, in their order, the last one of each key alone.
 * Bounded in bytes: what exceeds that is dropped. Thread-safe, for one thread that takes.
 */
final class Backlog {
    /** Memory that a change takes besides its bytes. */
    private static final int OVERHEAD = 128;

    private final long most;
    private final Map<Digest, Change> waiting = new LinkedHashMap<>();
    private @Nullable Change underWay;
    private long size;
    private long dropped;
    private boolean closed;

    /**
     * @param most bytes that changes may take
     */
    Backlog(long most) {
        this.most = most;
    }

    /**
     * A change.
     *
     * @param key of the block
     * @param bytes of the block; null to remove it
     */
    record Change(Digest key, byte @Nullable [] bytes) {
        private int size() {
            return OVERHEAD + (bytes == null ? 0 : bytes.length);
        }
    }

    /** Adds a block with a copy of the remaining bytes; false if it is dropped. */
    synchronized boolean put(Digest key, ByteBuffer block) {
        Change known = find(key);
        if (known != null && known.bytes() != null) {
            return true;
        }
        if (closed || size + OVERHEAD + block.remaining() > most) {
            dropped++;
            return false;
        }
        byte[] bytes = new byte[block.remaining()];
        block.get(bytes);
        add(new Change(key, bytes));
        return true;
    }

    /** Adds a removal; false if it is dropped. */
    synchronized boolean remove(Digest key) {
        Change replaced = waiting.remove(key);
        size -= replaced == null ? 0 : replaced.size();
        if (closed || size + OVERHEAD > most) {
            dropped++;
            return false;
        }
        add(new Change(key, null));
        return true;
    }

    private void add(Change change) {
        Change replaced = waiting.put(change.key(), change);
        size += change.size() - (replaced == null ? 0 : replaced.size());
        notifyAll();
    }

    /** Returns the last change of a key that is not done yet; null if there is none. */
    synchronized @Nullable Change find(Digest key) {
        Change found = waiting.get(key);
        Change now = underWay;
        return found != null || now == null || !now.key().equals(key) ? found : now;
    }

    /** Takes the next change, which is found until it is {@link #done}; null after that time. */
    synchronized @Nullable Change take(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (waiting.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        Change next = waiting.remove(waiting.keySet().iterator().next());
        underWay = next;
        return next;
    }

    /** Ends the change that was taken last. */
    synchronized void done() {
        if (underWay != null) {
            size -= underWay.size();
            underWay = null;
        }
    }

    /** Drops all changes that wait. */
    synchronized void clear() {
        dropped += waiting.size();
        for (Change change : waiting.values()) {
            size -= change.size();
        }
        waiting.clear();
    }

    /** Drops all changes, and takes no more. */
    synchronized void close() {
        closed = true;
        clear();
        done();
    }

    /** Returns the memory that changes take, in bytes. */
    synchronized long size() {
        return size;
    }

    /** Returns the number of changes that were dropped. */
    synchronized long dropped() {
        return dropped;
    }
}
