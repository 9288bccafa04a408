package org.netloop.transport.s3;

import java.nio.ByteBuffer;

/**
 * Destination of the bytes, as the fetching thread sees it: the caller's buffer, or one that grows
 * up to a bound. Once the caller has gone, nothing is written to it any more.
 */
final class Sink {
    private static final int FIRST_CAPACITY = 4 << 10;

    private final int start;
    private final int end;
    private ByteBuffer into;
    private boolean released;

    /** Writes to a buffer, from its position to its limit. */
    Sink(ByteBuffer into) {
        this.into = into;
        this.start = into.position();
        this.end = into.limit();
    }

    /** Writes to a buffer of its own. */
    Sink(int maxLength) {
        this.into = ByteBuffer.allocate(Math.min(FIRST_CAPACITY, maxLength));
        this.start = 0;
        this.end = maxLength;
    }

    synchronized int room() {
        return end - into.position();
    }

    synchronized int received() {
        return into.position() - start;
    }

    /** Takes all of it; false if it is more than there is room for, or nobody wants it any more. */
    synchronized boolean accept(byte[] bytes, int length) {
        if (released || length > end - into.position()) {
            return false;
        }
        if (length > into.remaining()) {
            long wanted = Math.max(2L * into.capacity(), (long) into.position() + length);
            into = ByteBuffer.allocate((int) Math.min(wanted, end)).put(into.flip());
        }
        into.put(bytes, 0, length);
        return true;
    }

    /** Forgets what came. */
    synchronized void rewind() {
        if (!released) {
            into.position(start);
        }
    }

    /** Releases the buffer: once this returns, only the caller uses it. */
    synchronized void release() {
        released = true;
    }

    /** Returns the bytes received in a buffer of its own. */
    synchronized ByteBuffer bytes() {
        return into.duplicate().flip().asReadOnlyBuffer();
    }
}
