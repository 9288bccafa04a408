package org.netloop.control.config;

import org.jspecify.annotations.Nullable;
import org.netloop.api.status.Report;
import org.netloop.api.status.Report.State;
import org.netloop.control.registry.Services;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds out whether a change was taken: volumes and attachments report it, and of any other service
 * it is seen whether it can still be had. Used by one thread at a time.
 */
final class Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(Outcome.class);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long LOOK_EVERY_MS = 10;
    private static final Set<String> REPORTED = Set.of(Check.VOLUME, Check.ATTACHMENT);

    private final BundleContext context;
    private final Services services;

    Outcome(BundleContext context) {
        this.context = context;
        this.services = new Services(context);
    }

    /**
     * Waits until the change shows.
     *
     * @return why it failed; null if it did not
     */
    @Nullable String await(Set<String> pids, Map<String, Map<String, Object>> wanted, long revision)
            throws InterruptedException {
        Set<String> open = new HashSet<>(pids);
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            List<Report> reports =
                    services.reports().stream().filter(r -> r.revision() == revision).toList();
            for (Report report : reports) {
                if (report.state() == State.FAILED) {
                    return report.kind() + " " + report.name() + ": " + report.message();
                }
            }
            long good = reports.stream().filter(r -> r.state() == State.GOOD).count();
            long reported = open.stream().filter(Outcome::isReported).count();
            for (String pid : List.copyOf(open)) {
                if (!isReported(pid) && isTaken(pid, wanted)) {
                    open.remove(pid);
                    String failure = probe(pid);
                    if (failure != null) {
                        return failure;
                    }
                }
            }
            if (good >= reported && open.stream().allMatch(Outcome::isReported)) {
                return null;
            }
            if (System.nanoTime() - end >= 0) {
                LOG.warn("the change of {} is made, and shows no effect yet", open);
                return null;
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private static boolean isReported(String pid) {
        int separator = pid.indexOf('~');
        return separator > 0 && REPORTED.contains(pid.substring(0, separator));
    }

    /**
     * Returns whether a service shows the values as its properties, or nothing uses such a
     * configuration.
     */
    private boolean isTaken(String pid, Map<String, Map<String, Object>> wanted) {
        List<ServiceReference<?>> takers = takers(pid);
        Map<String, Object> values = Objects.requireNonNullElse(wanted.get(pid), Map.of());
        return takers.stream()
                .anyMatch(
                        taker ->
                                values.entrySet().stream()
                                        .allMatch(
                                                e ->
                                                        same(
                                                                Applied.osgi(e.getValue()),
                                                                taker.getProperty(e.getKey()))));
    }

    private static boolean same(Object one, @Nullable Object other) {
        return Arrays.deepEquals(new Object[] {one}, new Object[] {other});
    }

    private List<ServiceReference<?>> takers(String pid) {
        return services.references("(" + Constants.SERVICE_PID + "=" + pid + ")");
    }

    private @Nullable String probe(String pid) {
        for (ServiceReference<?> taker : takers(pid)) {
            if (context.getService(taker) == null) {
                return pid + ": its component does not start with these values; the log says why";
            }
            context.ungetService(taker);
        }
        return null;
    }
}
