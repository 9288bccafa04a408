package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;

import java.time.Duration;

/**
 * Asks one mirror, and the next one too if the first is later than it usually is, as far as {@link
 * Hedges} allow it. Checks of a mirror, and errands that are done in turn, are never helped.
 * Thread-safe.
 */
final class Hedging implements Stage {
    private final Hedges hedges = new Hedges();
    private final Stage next;

    /**
     * @param next asks one mirror
     */
    Hedging(Stage next) {
        this.next = next;
    }

    /** Notes of each mirror that failed why it did. */
    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        Mirror first = errand.mirrors().removeFirst();
        boolean alone =
                errand.isInTurn()
                        || errand.wanted().purpose() == FetchPurpose.VERIFY
                        || errand.mirrors().isEmpty();
        if (alone) {
            fetchAt(first, errand);
        } else {
            race(first, errand.mirrors().getFirst(), errand);
        }
    }

    private void fetchAt(Mirror mirror, Errand errand)
            throws FetchException, BackendException, InterruptedException {
        try {
            next.fetch(errand.at(mirror, errand.into(), errand.check()));
        } catch (FetchException e) {
            errand.attempts().add(mirror, e);
            throw e;
        }
    }

    private void race(Mirror first, Mirror second, Errand errand)
            throws FetchException, BackendException, InterruptedException {
        hedges.earn();
        Duration tail = first.tail(errand.wanted().length());
        Deadline beyondDoubt = Deadline.in(RetryPolicy.beyondDoubt(tail));
        Race race = new Race(next, errand);
        try {
            race.run(
                    first,
                    second,
                    tail,
                    () ->
                            second.isGood() && (first.isLagging() || hedges.pay())
                                    || beyondDoubt.passed());
        } finally {
            if (race.askedSecond()) {
                errand.mirrors().removeFirst();
            }
        }
    }
}
