package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Deadline;

import java.util.ArrayList;
import java.util.List;

/** The blocks one read still waits for. */
final class PendingRead {
    private final List<Passenger> parts = new ArrayList<>();
    private int outstanding;
    private @Nullable FetchException failure;

    /** Called by the reader only. */
    void expects(Passenger part) {
        parts.add(part);
        synchronized (this) {
            outstanding++;
        }
    }

    synchronized void partDone(@Nullable FetchException why) {
        outstanding--;
        if (why != null && failure == null) {
            failure = why;
        }
        if (outstanding == 0 || failure != null) {
            notifyAll();
        }
    }

    /** Whether all is there; false if the deadline passed before. */
    synchronized boolean await(Deadline deadline) throws FetchException, InterruptedException {
        while (outstanding > 0 && failure == null && !deadline.passed()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        if (failure != null) {
            throw failure;
        }
        return outstanding == 0;
    }

    /** When this returns, no part writes to the reader's buffer any more. */
    void leave() {
        parts.forEach(Passenger::leave);
    }
}
