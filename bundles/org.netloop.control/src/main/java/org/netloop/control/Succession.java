package org.netloop.control;

import org.netloop.api.message.Failures;
import org.netloop.api.systemd.Former;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** The part of this process towards the one that it succeeds, if it does. Stateless. */
final class Succession {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private Succession() {}

    /**
     * Waits, if this process stands by for another one, until that has ended.
     *
     * @param prepare done before it says that it stands by
     * @return whether this process is to serve; false if it was interrupted
     */
    static boolean standBy(Runnable prepare) {
        Optional<Former> former = Former.ofThisProcess().filter(Former::isStoodBy);
        if (former.isEmpty()) {
            return true;
        }
        prepare.run();
        tell(former.get(), 0);
        try {
            former.get().gone().get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
        LOG.info("the process that this one stood by for has ended: this one goes on");
        return true;
    }

    /** Tells the process that this one is to replace, if it waits, how many attachments it has. */
    static void serves(long attachments) {
        awaiting().ifPresent(former -> tell(former, attachments));
    }

    /** Returns whether a process waits for this one to serve in its place. */
    static boolean isAwaited() {
        return awaiting().isPresent();
    }

    private static Optional<Former> awaiting() {
        return Former.ofThisProcess()
                .filter(former -> !former.isStoodBy() && !former.gone().isDone());
    }

    private static void tell(Former former, long attachments) {
        try {
            former.ready(attachments);
        } catch (IOException e) {
            LOG.warn(
                    "the former process has ended before this one was ready, which goes on: {}",
                    Failures.sentence(e));
        }
    }
}
