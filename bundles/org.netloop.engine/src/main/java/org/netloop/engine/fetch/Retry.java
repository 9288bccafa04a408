package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all mirrors again, after pauses that grow, until the deadline or until asking again cannot
 * help. Thread-safe.
 */
final class Retry implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

    private final MirrorSet mirrors;
    private final Stage next;

    Retry(MirrorSet mirrors, Stage next) {
        this.mirrors = mirrors;
        this.next = next;
    }

    /** Fetches; a failure says what each mirror answered. */
    @Override
    public void fetch(Errand errand) throws FetchException, InterruptedException {
        int start = errand.into().position();
        Attempts attempts = errand.attempts();
        for (int round = 0; ; round++) {
            errand.into().position(start);
            try {
                next.fetch(errand);
                return;
            } catch (FetchException e) {
                LOG.debug("{}: {}", errand.name(), e.getMessage());
            } catch (BackendException e) {
                LOG.debug("{}: {}", errand.name(), e.getMessage());
                attempts.add(e);
            }
            if (!attempts.worthRepeating(round + 1, errand.persistence())
                    || !pause(round, errand.deadline())) {
                throw attempts.conclusion(
                        errand.name(), mirrors.all().size(), errand.persistence());
            }
        }
    }

    /** False if the deadline comes before the pause is over. */
    static boolean pause(int round, Deadline deadline) throws InterruptedException {
        long pause = RetryPolicy.ROUNDS.scatteredMillis(round);
        if (deadline.left().toMillis() <= pause) {
            return false;
        }
        Thread.sleep(pause);
        return true;
    }
}
