package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.retry.Deadline;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Fetches objects of a repository from its mirrors: the stages from {@link Retry} to {@link
 * AtMirror}, put together. Thread-safe.
 */
public final class Fetcher implements Stage {
    /** The single key of mirror policies: the best-ranked one is used. */
    public static final String ANY_POLICY = MirrorOrder.ANY_POLICY;

    private final MirrorOrder order;
    private final AtMirror atMirror;
    private final Retry first;

    /** Verifies a file that is read in place; null while nothing is sealed. */
    private volatile @Nullable Seal seal;

    /**
     * @param attemptTimeout how long one mirror may take to deliver one object
     */
    public Fetcher(
            MirrorSet mirrors,
            Backends<Transport> transports,
            Backends<MirrorPolicy> policies,
            Duration attemptTimeout) {
        this.order = new MirrorOrder(mirrors, policies);
        this.atMirror = new AtMirror(transports, attemptTimeout);
        this.first = new Retry(mirrors, new Failover(order, atMirror, new Hedging(atMirror)));
    }

    /**
     * Fetches what is wanted, and moves the errand's buffer on past it.
     *
     * @throws FetchException when no mirror gave it by the deadline; the message tells what each
     *     said
     */
    @Override
    public void fetch(Errand errand) throws FetchException, InterruptedException {
        Seal sealed = seal;
        if (sealed != null && sealed.covers(errand.wanted())) {
            sealed.fetch(errand, first);
        } else {
            first.fetch(errand);
        }
    }

    /** Passes on nothing of a file from now on that is not as it was signed. */
    public void seal(Seal signed) {
        seal = signed;
    }

    /** Returns the mirrors to ask for what decides which image is read. */
    Tiers inTurn(Wanted wanted) throws InterruptedException {
        return order.inTurn(wanted);
    }

    /** Makes one attempt at one mirror; null if it gave what passes the check. */
    @Nullable FetchException ask(
            Mirror mirror, Wanted wanted, ByteBuffer into, Check check, Deadline deadline)
            throws BackendException, InterruptedException {
        try {
            atMirror.fetch(
                    new Errand(wanted.path(), wanted, into, check, deadline)
                            .at(mirror, into, check));
            return null;
        } catch (FetchException e) {
            return e;
        }
    }
}
