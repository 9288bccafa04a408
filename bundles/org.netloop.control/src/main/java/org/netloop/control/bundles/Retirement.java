package org.netloop.control.bundles;

import org.netloop.api.status.Report;
import org.netloop.control.registry.Services;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of bundles that are not wanted any more. One that still holds an attachment that outlived
 * it stays, stopped, until that is detached: its code is still run. Used by one thread at a time.
 */
final class Retirement {
    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

    private final Services services;
    private final Duration limit;
    private final List<Bundle> holding = new ArrayList<>();

    /** Those that do not even stop: nothing more is tried with them. */
    private final List<Bundle> stuck = new ArrayList<>();

    /**
     * @param limit how long a bundle may take to stop
     */
    Retirement(Services services, Duration limit) {
        this.services = services;
        this.limit = limit;
    }

    /** Stops a bundle and removes it, now or once nothing runs on it any more. */
    void retire(Bundle bundle) throws InterruptedException {
        if (!bounded(bundle, "stop", () -> bundle.stop(Bundle.STOP_TRANSIENT))) {
            stuck.add(bundle);
            return;
        }
        holding.add(bundle);
        sweep();
    }

    /** Removes what nothing runs on any more. */
    void sweep() throws InterruptedException {
        List<Object> holders =
                services.reports().stream()
                        .map(Report::facts)
                        .map(facts -> facts.get("bundle"))
                        .filter(Objects::nonNull)
                        .toList();
        for (Bundle bundle : List.copyOf(holding)) {
            if (!holders.contains(bundle.getBundleId())) {
                holding.remove(bundle);
                bounded(bundle, "uninstall", bundle::uninstall);
            }
        }
    }

    /** Whether it waits, stopped, for an attachment to be detached. */
    boolean isHolding(Bundle bundle) {
        return holding.contains(bundle);
    }

    /** Whether it does not stop, and was left behind. */
    boolean isStuck(Bundle bundle) {
        return stuck.contains(bundle);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws BundleException;
    }

    /** A bundle that hangs while it starts may not let itself be stopped either. */
    private boolean bounded(Bundle bundle, String step, Step action) throws InterruptedException {
        FutureTask<Void> task =
                new FutureTask<>(
                        () -> {
                            action.run();
                            return null;
                        });
        Thread.ofPlatform().daemon().name(step + " " + bundle).start(task);
        try {
            task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            LOG.warn(
                    "{} {} does not {} within {} s, and is left behind",
                    bundle.getSymbolicName(),
                    bundle.getVersion(),
                    step,
                    limit.toSeconds(),
                    e);
        } catch (ExecutionException e) {
            LOG.warn(
                    "{} {} cannot {}, and is left behind",
                    bundle.getSymbolicName(),
                    bundle.getVersion(),
                    step,
                    e.getCause());
        }
        return false;
    }
}
