package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Asks mirrors in the policy's order, one after the other until one has what is wanted: those that
 * the policy keeps to, then the others if they are asked at all. What went well makes it ask
 * mirrors now and then that nobody needed, so that they stay known. Thread-safe.
 */
final class Failover implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

    private final MirrorOrder order;
    private final Probe probe = new Probe(System::nanoTime);
    private final AtMirror atMirror;
    private final Stage next;

    /**
     * @param atMirror asks those that nobody needed
     * @param next asks the first mirror of an errand, and removes those that it asked
     */
    Failover(MirrorOrder order, AtMirror atMirror, Stage next) {
        this.order = order;
        this.atMirror = atMirror;
        this.next = next;
    }

    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        int start = errand.into().position();
        Tiers all = errand.isInTurn() ? order.inTurn(errand.wanted()) : order.of(errand.wanted());
        // Those that lack it are left out of the rounds that others are the reason for.
        Tiers tiers = all.filtered(errand.attempts()::mayHelp);
        try {
            ask(tiers.near(), errand, start);
        } catch (FetchException e) {
            if (tiers.far().isEmpty() || !goesBeyond(errand)) {
                throw e;
            }
            ask(tiers.far(), errand, start);
        }
        keepOthersKnown(all.near(), errand.wanted(), errand.into().position() - start);
    }

    private static boolean goesBeyond(Errand errand) {
        return errand.attempts().isAnswered()
                && !errand.deadline().passed()
                && switch (errand.wanted().purpose()) {
                    case DEMAND, VERIFY -> true;
                    case PREFETCH, FILL, PROBE -> false;
                };
    }

    /** Another mirror has the same bytes: it is not asked if a backend failed over them. */
    private void ask(List<Mirror> candidates, Errand errand, int start)
            throws FetchException, BackendException, InterruptedException {
        Deque<Mirror> left = new ArrayDeque<>(candidates);
        FetchException last = new FetchException.Unavailable("there is no mirror", null);
        while (!left.isEmpty()) {
            errand.into().position(start);
            try {
                next.fetch(errand.at(left));
                return;
            } catch (FetchException e) {
                LOG.debug("{}: {}", errand.name(), e.getMessage());
                last = e;
                if (isOfTheObject(e, errand, start)) {
                    errand.attempts().settle();
                    throw e;
                }
                if (errand.deadline().passed()) {
                    throw e;
                }
            }
        }
        throw last;
    }

    /**
     * Returns whether the failure lies in the object, wherever it comes from; a mirror whose own
     * URI no transport serves sends nothing, and the next one may work.
     */
    private static boolean isOfTheObject(FetchException failure, Errand errand, int start) {
        return failure instanceof FetchException.Unsupported && errand.into().position() > start;
    }

    private void keepOthersKnown(List<Mirror> mirrors, Wanted wanted, int length) {
        if (length > 0 && mirrors.size() > 1) {
            probe.after(mirrors, wanted, length, this::ask);
        }
    }

    private void ask(Mirror mirror, Wanted begin, ByteBuffer into)
            throws FetchException, BackendException, InterruptedException {
        Duration time = atMirror.timeout();
        atMirror.fetch(
                new Errand(begin.path(), begin, into, Check.NONE, Deadline.in(time))
                        .at(mirror, into, Check.NONE));
    }
}
