package org.netloop.control.registry;

import org.netloop.api.message.Failures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Looks into the service registry. Thread-safe. */
public final class Services {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_REPORTS = 10_000;
    private static final int MOST_MEASURES = 100_000;

    private final BundleContext context;

    /** Creates a view of the framework that the context belongs to. */
    public Services(BundleContext context) {
        this.context = context;
    }

    /** Returns the first service of a type that a filter finds; empty if there is none. */
    public <S> Optional<S> first(Class<S> type, String filter) {
        try {
            return context.getServiceReferences(type, filter).stream()
                    .flatMap(reference -> Stream.ofNullable(context.getService(reference)))
                    .findFirst();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The reports on all parts of the deployment. A reporter that throws, hangs or reports too much
     * is reported itself, as the bundle it is of. All are asked at the same time, so that a hung
     * one costs no more than its own limit. There are none any more once the bundle that asks has
     * stopped.
     */
    public List<Report> reports() {
        if (isOver()) {
            return List.of();
        }
        List<FutureTask<List<Report>>> asked = new ArrayList<>();
        try {
            for (ServiceReference<Reporter> reference :
                    context.getServiceReferences(Reporter.class, null)) {
                FutureTask<List<Report>> task = new FutureTask<>(() -> reports(reference));
                Thread.startVirtualThread(task);
                asked.add(task);
            }
            List<Report> reports = new ArrayList<>();
            for (FutureTask<List<Report>> task : asked) {
                reports.addAll(task.get());
            }
            return reports;
        } catch (InvalidSyntaxException | ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Returns whether the bundle of the context has stopped: what fails then is nobody's fault. */
    private boolean isOver() {
        try {
            context.getBundle();
            return false;
        } catch (IllegalStateException _) {
            return true;
        }
    }

    private List<Report> reports(ServiceReference<Reporter> reference) {
        try (Guarded guarded = new Guarded("report", () -> {})) {
            return guarded.call(() -> ask(reference), PATIENCE);
        } catch (TimeoutException e) {
            return List.of(broken(reference, "it did not report within " + PATIENCE, e));
        } catch (ExecutionException e) {
            if (isOver()) {
                return List.of();
            }
            Throwable why = Guarded.cause(e);
            return List.of(broken(reference, Failures.sentence(why), why));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private List<Report> ask(ServiceReference<Reporter> reference) {
        Reporter reporter = context.getService(reference);
        if (reporter == null) {
            return List.of();
        }
        try {
            List<Report> reports = List.copyOf(reporter.reports());
            int measures = reports.stream().mapToInt(report -> report.measures().size()).sum();
            if (reports.size() > MOST_REPORTS || measures > MOST_MEASURES) {
                throw new IllegalStateException(
                        "it gave %d reports with %d measures; %d and %d are the most"
                                .formatted(reports.size(), measures, MOST_REPORTS, MOST_MEASURES));
            }
            return reports;
        } finally {
            context.ungetService(reference);
        }
    }

    private static Report broken(ServiceReference<?> reference, String why, Throwable cause) {
        Bundle bundle = reference.getBundle();
        String name = bundle == null ? "" : bundle.getSymbolicName();
        LOG.warn("the reporter of bundle {} is left out: {}", name, why, cause);
        long id = bundle == null ? Report.Part.NO_BUNDLE : bundle.getBundleId();
        return new Report(
                new Report.Part("reporter", name, id), Report.State.FAILED, why, 0, List.of());
    }

    /** All services that a filter chooses, whatever their classes. */
    public List<ServiceReference<?>> references(String filter) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(filter + " is not a filter", e);
        }
    }
}
