package org.netloop.transport.http;

import java.nio.ByteBuffer;

/**
 * The caller's buffer, as the I/O threads see it: once the caller has gone, nothing is written to
 * it any more.
 */
final class Target {
    private final ByteBuffer into;
    private final int start;
    private boolean released;
    private long firstByteNanos = -1;

    Target(ByteBuffer into) {
        this.into = into;
        this.start = into.position();
    }

    synchronized int room() {
        return into.remaining();
    }

    /** Takes all of it; false if it is more than there is room for, or nobody wants it any more. */
    synchronized boolean accept(ByteBuffer bytes) {
        if (released || bytes.remaining() > into.remaining()) {
            return false;
        }
        if (firstByteNanos < 0) {
            firstByteNanos = System.nanoTime();
        }
        into.put(bytes);
        return true;
    }

    synchronized int received() {
        return into.position() - start;
    }

    synchronized long firstByteNanos() {
        return firstByteNanos;
    }

    /** Begins anew, after an attempt that failed. */
    synchronized void rewind() {
        into.position(start);
    }

    /** When this returns, the buffer is the caller's alone. */
    synchronized void release() {
        released = true;
    }
}
