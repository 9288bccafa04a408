package org.netloop.engine.fetch;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many fetches may be sent to a second mirror because the first one is late: one in twenty, so
 * that what they cost stays a few per cent. Thread-safe.
 */
final class Hedges {
    private static final int EARNED = 1;
    private static final int PRICE = 20;
    private static final int MOST = 10 * PRICE;

    private final AtomicInteger credit = new AtomicInteger(MOST);

    /** A fetch begins. */
    void earn() {
        credit.getAndUpdate(now -> Math.min(MOST, now + EARNED));
    }

    /** Whether one may be sent now; it is then counted. */
    boolean pay() {
        return credit.getAndUpdate(now -> now < PRICE ? now : now - PRICE) >= PRICE;
    }
}
