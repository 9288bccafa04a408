package org.netloop.engine.fetch;

import org.netloop.engine.retry.RetryPolicy;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Budget of hedges, that is of fetches sent to a second mirror because the first one is late: one
 * in twenty, which bounds their cost to a few per cent. Thread-safe.
 */
final class Hedges {
    private static final int EARNED = 1;
    private static final int PRICE = RetryPolicy.FETCHES_PER_HEDGE;
    private static final int MOST = 10 * PRICE;

    private final AtomicInteger credit = new AtomicInteger(MOST);

    /** A fetch begins. */
    void earn() {
        credit.getAndUpdate(now -> Math.min(MOST, now + EARNED));
    }

    /** Takes one hedge from the budget; returns whether there was one. */
    boolean pay() {
        return credit.getAndUpdate(now -> now < PRICE ? now : now - PRICE) >= PRICE;
    }
}
