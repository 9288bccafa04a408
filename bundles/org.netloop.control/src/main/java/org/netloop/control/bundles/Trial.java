package org.netloop.control.bundles;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Starts a bundle on a thread of its own, and waits until it has given all services it has to give:
 * each is asked for, which makes lazy components begin to work.
 */
final class Trial {
    private static final String CONTRACTS = "org.netloop.api.";
    private static final long LOOK_EVERY_MS = 10;

    private final BundleContext context;
    private final Bundle bundle;
    private final Duration limit;

    Trial(BundleContext context, Bundle bundle, Duration limit) {
        this.context = context;
        this.bundle = bundle;
        this.limit = limit;
    }

    /** How many services of each contract a bundle gives. */
    static Map<String, Integer> services(Bundle bundle) {
        Map<String, Integer> services = new TreeMap<>();
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        if (references != null) {
            Arrays.stream(references)
                    .flatMap(Trial::contracts)
                    .forEach(contract -> services.merge(contract, 1, Integer::sum));
        }
        return services;
    }

    private static Stream<String> contracts(ServiceReference<?> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .filter(contract -> contract.startsWith(CONTRACTS));
    }

    /**
     * Returns when it runs and gives at least these services.
     *
     * @throws IOException with what is missing
     */
    void run(Map<String, Integer> expected) throws IOException, InterruptedException {
        FutureTask<Void> start =
                new FutureTask<>(
                        () -> {
                            bundle.start(Bundle.START_TRANSIENT);
                            awaitServices(expected);
                            return null;
                        });
        Thread thread = Thread.ofPlatform().daemon().name("start " + bundle).start(start);
        try {
            start.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            thread.interrupt();
            throw new IOException(
                    "it is not there after " + limit.toSeconds() + " s: " + lacking(expected), e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        }
    }

    private String lacking(Map<String, Integer> expected) {
        if (bundle.getState() != Bundle.ACTIVE) {
            return "it hangs while it starts";
        }
        Map<String, Integer> there = services(bundle);
        for (Map.Entry<String, Integer> wanted : expected.entrySet()) {
            int given = there.getOrDefault(wanted.getKey(), 0);
            if (given < wanted.getValue()) {
                return "it registers "
                        + given
                        + " of "
                        + wanted.getValue()
                        + " services "
                        + wanted.getKey();
            }
        }
        return "one of its services hangs while it is activated";
    }

    private void awaitServices(Map<String, Integer> expected)
            throws IOException, InterruptedException {
        while (!isSatisfied(expected)) {
            Thread.sleep(LOOK_EVERY_MS);
        }
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        for (ServiceReference<?> reference :
                references == null ? new ServiceReference<?>[0] : references) {
            if (contracts(reference).findAny().isPresent()) {
                probe(reference);
            }
        }
    }

    private boolean isSatisfied(Map<String, Integer> expected) {
        Map<String, Integer> there = services(bundle);
        return expected.entrySet().stream()
                .allMatch(e -> there.getOrDefault(e.getKey(), 0) >= e.getValue());
    }

    private <S> void probe(ServiceReference<S> reference) throws IOException {
        S service = context.getService(reference);
        if (service == null && reference.getBundle() != null) {
            throw new IOException(
                    "its service "
                            + contracts(reference).toList()
                            + " cannot be made: it fails in its constructor or @Activate method;"
                            + " the log says how");
        }
        context.ungetService(reference);
    }

    private static String reason(@Nullable Throwable why) {
        return why instanceof BundleException && why.getCause() != null
                ? why.getMessage() + ": " + why.getCause()
                : String.valueOf(why == null ? null : why.getMessage());
    }
}
