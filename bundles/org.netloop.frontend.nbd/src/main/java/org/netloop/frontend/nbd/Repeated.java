package org.netloop.frontend.nbd;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says the first of many like events, and after that how many more there were, at most once a
 * minute. Thread-safe.
 */
final class Repeated {
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoClock;
    private final Consumer<String> log;
    private long saidNanos;
    private boolean said;
    private long unsaid;

    /**
     * @param log is given each sentence
     */
    Repeated(LongSupplier nanoClock, Consumer<String> log) {
        this.nanoClock = nanoClock;
        this.log = log;
    }

    /** One more of them. */
    void happened(String sentence) {
        long more;
        synchronized (this) {
            long now = nanoClock.getAsLong();
            if (said && now - saidNanos < QUIET_NANOS) {
                unsaid++;
                return;
            }
            said = true;
            saidNanos = now;
            more = unsaid;
            unsaid = 0;
        }
        log.accept(more == 0 ? sentence : sentence + " (and " + more + " more before this one)");
    }
}
