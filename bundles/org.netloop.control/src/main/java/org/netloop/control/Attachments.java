package org.netloop.control;

import org.netloop.api.frontend.Frontend;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** The attachments of a deployment that has just been configured. Stateless. */
final class Attachments {
    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Attachments() {}

    /**
     * Waits until all are there, or the time is over; longer if another process waits for this one
     * to have them, and sets a time itself. Tells that one whenever there are more.
     *
     * @return how many there are
     */
    static long await(BundleContext context, long wanted, Duration time)
            throws InterruptedException {
        ServiceTracker<Frontend, Frontend> frontends =
                new ServiceTracker<>(context, Frontend.class, null);
        frontends.open();
        try {
            long end = System.nanoTime() + time.toNanos();
            long count = count(frontends);
            for (long told = -1;
                    count < wanted && (System.nanoTime() - end < 0 || Succession.isAwaited());
                    count = count(frontends)) {
                if (count > told) {
                    Succession.serves(count);
                    told = count;
                }
                Thread.sleep(LOOK_EVERY);
            }
            LOG.info("{} of {} attachments are there", count, wanted);
            return count;
        } finally {
            frontends.close();
        }
    }

    private static long count(ServiceTracker<Frontend, Frontend> frontends) {
        return frontends.getTracked().values().stream()
                .mapToLong(frontend -> frontend.attachments().size())
                .sum();
    }
}
