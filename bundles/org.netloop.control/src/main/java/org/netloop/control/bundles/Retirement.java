package org.netloop.control.bundles;

import org.netloop.control.registry.Services;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The end of bundles that are not wanted any more. One that still holds an attachment that outlived
 * it stays, stopped, until that is detached: its code is still run. One that does not stop in time
 * stays until it has stopped. Both go by the next {@link #sweep}. Used by one thread at a time.
 */
final class Retirement {
    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);

    private static final int STOPPED = Bundle.RESOLVED | Bundle.INSTALLED | Bundle.UNINSTALLED;

    private final Services services;
    private final Duration limit;
    private final Set<Bundle> holding = new LinkedHashSet<>();

    /** Bundles that were told to stop and had not when their time was over. */
    private final Set<Bundle> stuck = new LinkedHashSet<>();

    /**
     * @param limit how long a bundle may take to stop
     */
    Retirement(Services services, Duration limit) {
        this.services = services;
        this.limit = limit;
    }

    /** Stops a bundle and removes it, now or once nothing runs on it any more. */
    void retire(Bundle bundle) throws InterruptedException {
        boolean stopped = bounded(bundle, "stop", () -> bundle.stop(Bundle.STOP_TRANSIENT));
        (stopped ? holding : stuck).add(bundle);
        sweep();
    }

    /** Removes what has stopped, and nothing runs on any more. */
    void sweep() throws InterruptedException {
        for (Bundle bundle : List.copyOf(stuck)) {
            if ((bundle.getState() & STOPPED) != 0) {
                stuck.remove(bundle);
                holding.add(bundle);
                LOG.info("{} {} has stopped", bundle.getSymbolicName(), bundle.getVersion());
            }
        }
        if (holding.isEmpty()) {
            return;
        }
        Set<Long> holders =
                services.reports().stream()
                        .map(report -> report.part().bundle())
                        .collect(Collectors.toSet());
        for (Bundle bundle : List.copyOf(holding)) {
            if (!holders.contains(bundle.getBundleId())) {
                holding.remove(bundle);
                // It may have been removed by its id while it was waited for.
                if (bundle.getState() != Bundle.UNINSTALLED) {
                    bounded(bundle, "uninstall", bundle::uninstall);
                }
            }
        }
    }

    /** Returns whether the bundle has stopped and waits for an attachment to be detached. */
    boolean isHolding(Bundle bundle) {
        return holding.contains(bundle);
    }

    /** Returns whether the bundle has not stopped in time, and waits until it has. */
    boolean isStuck(Bundle bundle) {
        return stuck.contains(bundle);
    }

    /** Returns the end of the sentence that a bundle is removed: empty, or when that will be. */
    String when(Bundle bundle) {
        if (isStuck(bundle)) {
            return " as soon as it has stopped";
        }
        return isHolding(bundle) ? " as soon as its last attachment is detached" : "";
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
                    "{} {} does not {} within {} s, and stays until it does",
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
