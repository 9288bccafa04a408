package org.netloop.control.bundles;

import org.netloop.api.message.Failures;
import org.netloop.api.plugin.PluginFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Loads the code of bundles anew that a failure of their classes has spoiled. Java remembers a
 * class whose initializer failed, and throws the same error whenever it is used, though the cause
 * (a full disk, say) may have passed: only another class loader tries it again. The bundle is
 * refreshed in place, which ends its services as an update does; no other bundle is touched. Pauses
 * between the attempts double. Used by one thread.
 */
final class Renewals {
    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);
    private static final long SHORTEST = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST = Duration.ofMinutes(10).toNanos();

    /** Longest wait for a bundle to stop, be resolved and start. */
    private static final Duration REFRESHED_WITHIN = Duration.ofSeconds(60);

    private final BundleContext context;
    private final Predicate<Bundle> spoiled;
    private final LongSupplier clock;
    private final Map<Long, Record> records = new HashMap<>();

    /** Attempts of one bundle. */
    private static final class Record {
        private long last;
        private long pause = SHORTEST;
        private int attempts;
        private boolean stopped;

        Record(long now) {
            last = now;
        }
    }

    /**
     * @param spoiled tells bundles of which a class cannot be used any more
     * @param clock in nanoseconds, as {@link System#nanoTime}
     */
    Renewals(BundleContext context, Predicate<Bundle> spoiled, LongSupplier clock) {
        this.context = context;
        this.spoiled = spoiled;
        this.clock = clock;
    }

    /** Looks at all bundles once, and renews those that are due. */
    void look() throws InterruptedException {
        long now = clock.getAsLong();
        records.values().removeIf(record -> !record.stopped && now - record.last >= 2 * LONGEST);
        for (Bundle bundle : bundles().toList()) {
            Record record = records.computeIfAbsent(bundle.getBundleId(), _ -> new Record(now));
            if (now - record.last >= record.pause) {
                record.last = now;
                record.pause = Math.min(LONGEST, 2 * record.pause);
                record.attempts++;
                renew(bundle, record);
            }
        }
    }

    private Stream<Bundle> bundles() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> !isFixed(bundle))
                .filter(bundle -> wasStopped(bundle) || isSpoiled(bundle));
    }

    private static boolean isFixed(Bundle bundle) {
        return bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID
                || bundle.getHeaders().get(PluginFile.FIXED) != null
                || bundle.getHeaders().get(Constants.EXPORT_PACKAGE) != null
                || bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
    }

    /** Returns whether an attempt stopped a bundle that has not started since. */
    private boolean wasStopped(Bundle bundle) {
        Record record = records.get(bundle.getBundleId());
        return record != null && record.stopped;
    }

    private boolean isSpoiled(Bundle bundle) {
        return bundle.getState() == Bundle.ACTIVE && spoiled.test(bundle);
    }

    private void renew(Bundle bundle, Record record) throws InterruptedException {
        if (Integer.bitCount(record.attempts) == 1) {
            LOG.warn(
                    "a class of {} {} failed and stays unusable: the bundle is loaded anew"
                            + " (attempt {})",
                    bundle.getSymbolicName(),
                    bundle.getVersion(),
                    record.attempts);
        }
        CountDownLatch refreshed = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), _ -> refreshed.countDown());
        if (!refreshed.await(REFRESHED_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.warn(
                    "{} is not loaded anew within {} s",
                    bundle.getSymbolicName(),
                    REFRESHED_WITHIN.toSeconds());
            return;
        }
        start(bundle, record);
    }

    /** Starts a bundle that the framework stopped and could not start again. */
    private static void start(Bundle bundle, Record record) {
        record.stopped = bundle.getState() != Bundle.UNINSTALLED;
        if (!record.stopped) {
            return;
        }
        try {
            bundle.start(Bundle.START_TRANSIENT);
            record.stopped = false;
        } catch (BundleException e) {
            LOG.warn(
                    "{} does not start, and is tried again in {} s: {}",
                    bundle.getSymbolicName(),
                    TimeUnit.NANOSECONDS.toSeconds(record.pause),
                    Failures.sentence(e));
        }
    }
}
