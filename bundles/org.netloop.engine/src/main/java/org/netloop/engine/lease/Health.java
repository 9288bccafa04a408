package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;
import org.netloop.engine.lease.BackendState.Condition;
import org.netloop.engine.retry.RetryPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.LongSupplier;

/**
 * Record of a backend's faults against its contract. After a fault it is left alone for a while,
 * the longer the more of them there were; then one operation at a time tries it again. Thread-safe.
 */
final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final String name;
    private final LongSupplier clock;

    /** Faults that were not yet made good by as many successes; written under the monitor. */
    private volatile int level;

    private volatile boolean hanging;
    private long untilNanos;
    private boolean onTrial;
    private long faults;
    private @Nullable String lastFault;

    /**
     * @param name what messages call the backend
     * @param clock in nanoseconds, from any begin
     */
    Health(String name, LongSupplier clock) {
        this.name = name;
        this.clock = clock;
    }

    /** Returns whether an operation that another backend could do may be sent to this one. */
    boolean mayEnter(long now) {
        return !hanging && (level == 0 || mayTry(now));
    }

    private synchronized boolean mayTry(long now) {
        if (level > 0 && now - untilNanos < 0) {
            return false;
        }
        // Whoever comes meanwhile goes elsewhere.
        untilNanos = now + pause();
        onTrial = true;
        return true;
    }

    private long pause() {
        return RetryPolicy.FAULT.nanos(level - 1);
    }

    void succeeded() {
        if (level > 0) {
            recover();
        }
    }

    private synchronized void recover() {
        if (level > 0) {
            level--;
            untilNanos = clock.getAsLong();
            onTrial = false;
        }
    }

    /** An operation did not come out of it in time: no other one is sent after it until it does. */
    void hangs() {
        faulted(name + " hangs");
        hanging = true;
    }

    /**
     * Records a fault; faults of operations that were under way at the start of a quarantine are
     * counted, but do not extend it.
     */
    synchronized void faulted(String what) {
        long now = clock.getAsLong();
        faults++;
        lastFault = what;
        if (level == 0 || now - untilNanos >= 0 || onTrial) {
            level++;
            onTrial = false;
            untilNanos = now + pause();
            LOG.warn(
                    "{}; while another will do, it is left alone for {} ms ({} faults so far)",
                    what,
                    pause() / 1_000_000,
                    faults);
        }
    }

    /**
     * Reports the number of overdue operations; called now and then.
     *
     * @param count how many operations have been inside for too long
     */
    void overdue(int count) {
        boolean hangs = count > 0;
        if (hanging != hangs) {
            hanging = hangs;
            if (hangs) {
                hung(count);
            } else {
                LOG.info("{} hangs no more", name);
            }
        }
    }

    private synchronized void hung(int count) {
        faults++;
        lastFault = name + " hangs: " + count + " operations do not come out of it";
        LOG.warn("{}; while another will do, it is left alone until they do", lastFault);
    }

    synchronized BackendState state(Backend<?> backend) {
        return new BackendState(
                backend.kind(),
                backend.keys(),
                backend.origin(),
                backend.bundle(),
                hanging ? Condition.HANGING : level > 0 ? Condition.QUARANTINED : Condition.WELL,
                backend.inside(),
                faults,
                lastFault);
    }
}
