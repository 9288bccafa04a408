package org.netloop.frontend.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.ReentrantLock;

/** Writes whole replies to one connection, one after the other. Thread-safe. */
final class ReplyWriter {
    private final WritableByteChannel channel;
    private final ReentrantLock lock = new ReentrantLock();

    /** When the write under way began; 0 if there is none. */
    private volatile long sinceNanos;

    ReplyWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** The remaining bytes are one or several whole replies. */
    void write(ByteBuffer replies) throws IOException {
        lock.lock();
        try {
            while (replies.hasRemaining()) {
                sinceNanos = System.nanoTime() | 1;
                channel.write(replies);
            }
        } finally {
            sinceNanos = 0;
            lock.unlock();
        }
    }

    /** Whether the client has taken nothing for so long. */
    boolean isStuck(long nowNanos, long longestNanos) {
        long since = sinceNanos;
        return since != 0 && nowNanos - since > longestNanos;
    }
}
