package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.trace.Span;
import org.netloop.engine.trace.Trace;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The blocks one read still waits for. */
final class PendingRead implements Passenger.Told {
    private final List<Passenger> parts = new ArrayList<>();
    private int outstanding;
    private @Nullable FetchException failure;
    private @Nullable Span span;

    /**
     * One more block to wait for. Called by the reader only.
     *
     * @param from the first wanted byte within the block
     * @param into exactly the room to fill
     */
    Passenger passenger(int from, ByteBuffer into) {
        Passenger part = new Passenger(this, from, into);
        parts.add(part);
        synchronized (this) {
            outstanding++;
        }
        return part;
    }

    /** The span of this read, which begins when it is first asked for. Used by the reader only. */
    Span span(String volume, long offset, int length) {
        if (span == null) {
            span = Trace.read(volume, offset, length);
        }
        return span;
    }

    @Override
    public synchronized void partDone(@Nullable FetchException why) {
        outstanding--;
        if (why != null && failure == null) {
            failure = why;
        }
        if (outstanding == 0 || failure != null) {
            notifyAll();
        }
    }

    /** Waits for all parts; false if the deadline passed first. */
    synchronized boolean await(Deadline deadline) throws FetchException, InterruptedException {
        while (outstanding > 0 && failure == null && !deadline.passed()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        if (failure != null) {
            throw failure;
        }
        return outstanding == 0;
    }

    /** Returns the flights that it still waits for. */
    List<Flight> awaited() {
        return parts.stream()
                .map(Passenger::carrier)
                .filter(Flight.class::isInstance)
                .map(Flight.class::cast)
                .toList();
    }

    /** Withdraws all parts; once this returns, nothing is written to the reader's buffer. */
    void leave() {
        parts.forEach(Passenger::leave);
        if (span != null) {
            span.end(isComplete());
        }
    }

    private synchronized boolean isComplete() {
        return outstanding == 0 && failure == null;
    }
}
