package org.netloop.control.registry;

import org.netloop.api.status.Report;
import org.netloop.api.status.Reports;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Reports of all reporters, for those who ask often. */
@Component(service = Reports.class)
public final class KeptReports implements Reports {
    private static final Duration KEPT = Duration.ofMillis(200);

    private final Kept<List<Report>> kept;

    /** Created by Declarative Services. */
    @Activate
    public KeptReports(BundleContext context) {
        Services services = new Services(context);
        this.kept = new Kept<>(KEPT, services::reports);
    }

    @Override
    public List<Report> all() {
        try {
            return kept.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
