package org.netloop.control.registry;

import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Looks into the service registry. Thread-safe. */
public final class Services {
    private final BundleContext context;

    /** Of the framework that the context is of. */
    public Services(BundleContext context) {
        this.context = context;
    }

    /** How all parts of the deployment are. */
    public List<Report> reports() {
        List<Report> reports = new ArrayList<>();
        try {
            Collection<ServiceReference<Reporter>> references =
                    context.getServiceReferences(Reporter.class, null);
            for (ServiceReference<Reporter> reference : references) {
                Reporter reporter = context.getService(reference);
                if (reporter != null) {
                    reports.addAll(reporter.reports());
                    context.ungetService(reference);
                }
            }
            return reports;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All services that a filter chooses, whatever their classes. */
    public List<ServiceReference<?>> references(String filter) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(filter + " is no filter", e);
        }
    }
}
