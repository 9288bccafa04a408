package org.netloop.control.bundles;

import org.netloop.api.message.Failures;
import org.netloop.api.plugin.RootCause;
import org.netloop.api.plugin.ServiceRules;
import org.netloop.control.registry.Services;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Starts a bundle on a thread of its own, and waits until it has given all services it has to give:
 * each is asked for, which makes lazy components begin to work.
 */
final class Trial {
    private static final String CONTRACTS = "org.netloop.api.";
    private static final long LOOK_EVERY_MS = 10;

    /** The service of the launcher that says what a bundle lacks, as {@code plugin verify} does. */
    private static final String LACKS = "(netloop.lacks=true)";

    private final BundleContext context;
    private final Components components;
    private final Bundle bundle;
    private final Duration limit;

    Trial(BundleContext context, Bundle bundle, Duration limit) {
        this.context = context;
        this.components = new Components(context);
        this.bundle = bundle;
        this.limit = limit;
    }

    /** Returns the number of services of each contract that a bundle provides. */
    static Map<String, Integer> services(Bundle bundle) {
        Map<String, Integer> services = new TreeMap<>();
        for (ServiceReference<?> reference : registered(bundle)) {
            contracts(reference).forEach(contract -> services.merge(contract, 1, Integer::sum));
        }
        return services;
    }

    private static List<ServiceReference<?>> registered(Bundle bundle) {
        ServiceReference<?>[] references = bundle.getRegisteredServices();
        return references == null ? List.of() : List.of(references);
    }

    private static Stream<String> contracts(ServiceReference<?> reference) {
        return Arrays.stream((String[]) reference.getProperty(Constants.OBJECTCLASS))
                .filter(contract -> contract.startsWith(CONTRACTS));
    }

    /**
     * Returns when it runs and gives at least these services.
     *
     * @throws IOException with what is missing, or why something of it cannot be made
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
                    "it is not ready after " + limit.toSeconds() + " s: " + lacking(expected), e);
        } catch (ExecutionException e) {
            throw new IOException(reason(Objects.requireNonNull(e.getCause())), e.getCause());
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
                        + wanted.getKey()
                        + components.waiting(bundle).stream()
                                .map("; "::concat)
                                .reduce("", String::concat);
            }
        }
        return "one of its services hangs while it is activated";
    }

    private void awaitServices(Map<String, Integer> expected)
            throws IOException, InterruptedException {
        while (!isSatisfied(expected)) {
            Thread.sleep(LOOK_EVERY_MS);
        }
        for (ServiceReference<?> reference : registered(bundle)) {
            if (contracts(reference).findAny().isPresent()) {
                probe(reference);
            }
        }
        // Asked last: a component is made, and fails, when its service is first asked for.
        refuse(components.failures(bundle));
    }

    private boolean isSatisfied(Map<String, Integer> expected) {
        Map<String, Integer> there = services(bundle);
        return expected.entrySet().stream()
                .allMatch(e -> there.getOrDefault(e.getKey(), 0) >= e.getValue());
    }

    private <S> void probe(ServiceReference<S> reference) throws IOException {
        for (String contract : contracts(reference).toList()) {
            refuse(ServiceRules.problems(contract, reference::getProperty));
        }
        S service = context.getService(reference);
        if (service == null && reference.getBundle() != null) {
            refuse(components.failures(bundle));
            throw new IOException(
                    "its service "
                            + String.join(", ", contracts(reference).toList())
                            + " cannot be made");
        }
        context.ungetService(reference);
    }

    private static void refuse(List<String> problems) throws IOException {
        if (!problems.isEmpty()) {
            throw new IOException(String.join("; ", problems));
        }
    }

    private String reason(Throwable why) {
        if (!(why instanceof BundleException failure)) {
            return switch (why) {
                case FileSystemException told -> Failures.sentence(told);
                case IOException told -> String.valueOf(told.getMessage());
                default -> RootCause.of(why);
            };
        }
        List<String> lacks = bundle.getState() == Bundle.INSTALLED ? lacks() : List.of();
        if (!lacks.isEmpty()) {
            return String.join("; ", lacks);
        }
        return failure.getCause() == null
                ? String.valueOf(failure.getMessage())
                : "it cannot start: " + RootCause.of(failure);
    }

    /** Returns the missing services; empty if none can be determined. */
    List<String> lacks() {
        @SuppressWarnings("unchecked") // As the launcher registers it.
        Function<Bundle, List<String>> lacks =
                new Services(context).first(Function.class, LACKS).orElse(_ -> List.of());
        return lacks.apply(bundle);
    }
}
