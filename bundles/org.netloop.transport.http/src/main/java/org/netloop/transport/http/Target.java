package org.netloop.transport.http;

import org.netloop.api.transport.Fetched;

import java.nio.ByteBuffer;

/**
 * The caller's buffer, as the I/O threads see it: once the caller has gone, nothing is written to
 * it any more.
 */
final class Target {
    /** Name of the attribute that holds it in the context of an exchange. */
    static final String ATTRIBUTE = "netloop.target";

    private final ByteBuffer into;
    private final int start;
    private boolean released;
    private boolean answered;
    private long askedNanos;
    private long latencyNanos = Fetched.UNKNOWN;

    Target(ByteBuffer into) {
        this.into = into;
        this.start = into.position();
    }

    /** There is a connection for the request: the time before was the queue's. */
    synchronized void asked() {
        askedNanos = System.nanoTime();
        answered = false;
    }

    /** The head of an answer has come. */
    synchronized void answered() {
        answered = true;
        latencyNanos = System.nanoTime() - askedNanos;
    }

    /** Returns whether the last request sent has received any answer. */
    synchronized boolean isAnswered() {
        return answered;
    }

    synchronized long latencyNanos() {
        return latencyNanos;
    }

    synchronized int room() {
        return into.remaining();
    }

    /** Takes all of it; false if it is more than there is room for, or nobody wants it any more. */
    synchronized boolean accept(ByteBuffer bytes) {
        if (released || bytes.remaining() > into.remaining()) {
            return false;
        }
        into.put(bytes);
        return true;
    }

    synchronized int received() {
        return into.position() - start;
    }

    /**
     * Discards the received bytes, and those that are still on their way; returns the target of
     * another answer to the same request.
     */
    synchronized Target renewed() {
        released = true;
        into.position(start);
        return new Target(into);
    }

    /** Releases the buffer: once this returns, only the caller uses it. */
    synchronized void release() {
        released = true;
    }
}
