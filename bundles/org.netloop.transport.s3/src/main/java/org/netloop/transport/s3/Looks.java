package org.netloop.transport.s3;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides which objects are looked for before they are stored. A look costs a request and a round
 * trip, and an upload of what is there costs its bytes: while nothing that is stored was there
 * before, as in a new repository, most objects are sent at once, on condition that they are absent.
 * Thread-safe.
 */
final class Looks {
    /** Number of absent objects in a row after which the next ones are expected to be absent. */
    private static final int ABSENT_IN_A_ROW = 16;

    /** One of so many is looked for all the same: not every server keeps to the condition. */
    private static final int STILL_LOOKED_FOR = 32;

    /** Objects in a row that were absent; negative for good where no condition is understood. */
    private final AtomicInteger absent = new AtomicInteger();

    /** Returns whether the next object is to be looked for before it is stored. */
    boolean isDue() {
        int count = absent.get();
        return count < ABSENT_IN_A_ROW || count % STILL_LOOKED_FOR == 0;
    }

    /** Notes that an object was there, or was not. */
    void saw(boolean present) {
        absent.updateAndGet(
                count -> {
                    if (count < 0) {
                        return count;
                    }
                    return present ? 0 : count == Integer.MAX_VALUE ? ABSENT_IN_A_ROW : count + 1;
                });
    }

    /** Notes that the server does not understand the condition: every object is looked for. */
    void refused() {
        absent.set(-1);
    }
}
