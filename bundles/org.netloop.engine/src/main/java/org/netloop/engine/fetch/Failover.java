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
 * Asks mirrors in the policy's order, one after the other until one has what is wanted. What went
 * well makes it ask mirrors now and then that nobody needed, so that they stay known. Thread-safe.
 */
final class Failover implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

    private final MirrorSet mirrors;
    private final MirrorOrder order;
    private final Probe probe;
    private final AtMirror atMirror;
    private final Stage next;

    /**
     * @param atMirror asks those that nobody needed
     * @param next asks the first mirror of an errand, and removes those that it asked
     */
    Failover(MirrorSet mirrors, MirrorOrder order, AtMirror atMirror, Stage next) {
        this.mirrors = mirrors;
        this.order = order;
        this.probe = new Probe(mirrors);
        this.atMirror = atMirror;
        this.next = next;
    }

    /** Another mirror has the same bytes: it is not asked if a backend failed over them. */
    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        Wanted wanted = errand.wanted();
        int start = errand.into().position();
        Deque<Mirror> left = candidates(errand);
        FetchException last = new FetchException.Unavailable("there is no mirror", null);
        while (!left.isEmpty()) {
            errand.into().position(start);
            try {
                next.fetch(errand.at(left));
                keepOthersKnown(wanted, errand.into().position() - start);
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

    /** Leaves those that lack it out of the rounds that others are the reason for. */
    private Deque<Mirror> candidates(Errand errand) throws InterruptedException {
        List<Mirror> all = errand.isInTurn() ? mirrors.inOrder() : order.of(errand.wanted());
        List<Mirror> some = all.stream().filter(errand.attempts()::mayHelp).toList();
        return new ArrayDeque<>(some.isEmpty() ? all : some);
    }

    /**
     * Returns whether the failure lies in the object, wherever it comes from; a mirror whose own
     * URI no transport serves sends nothing, and the next one may work.
     */
    private static boolean isOfTheObject(FetchException failure, Errand errand, int start) {
        return failure instanceof FetchException.Unsupported && errand.into().position() > start;
    }

    private void keepOthersKnown(Wanted wanted, int length) {
        if (length > 0 && mirrors.all().size() > 1) {
            probe.after(wanted, length, this::ask);
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
