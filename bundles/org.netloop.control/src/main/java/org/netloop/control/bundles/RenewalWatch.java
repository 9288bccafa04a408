package org.netloop.control.bundles;

import org.jspecify.annotations.Nullable;
import org.netloop.api.plugin.RootCause;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reports;
import org.netloop.control.registry.Watcher;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;

/**
 * Looks for bundles whose classes became unusable, and has them loaded anew. Runs in every process,
 * as mounts without a deployment live long, too.
 */
@Component(service = RenewalWatch.class, immediate = true)
public final class RenewalWatch {
    private static final Logger LOG = LoggerFactory.getLogger(RenewalWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final String ATTACHMENT = "attachment";

    private final Reports reports;
    private final Components components;
    private final Renewals renewals;
    private @Nullable Watcher watching;

    /** Reports of the present look; used by the thread that watches. */
    private List<Report> latest = List.of();

    /** Created by Declarative Services. */
    @Activate
    public RenewalWatch(BundleContext context, @Reference Reports reports) {
        this.reports = reports;
        this.components = new Components(context);
        this.renewals = new Renewals(context, this::isSpoiled, System::nanoTime);
    }

    @Activate
    void start() {
        watching = new Watcher("renewals", () -> {}, this::look);
    }

    private void look() throws InterruptedException {
        Thread.sleep(LOOK_EVERY);
        try {
            latest = reports.all();
            renewals.look();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("bundles could not be looked after", e);
        }
    }

    /** Returns whether a component of a bundle, or what is reported of it, is spoiled. */
    private boolean isSpoiled(Bundle bundle) {
        return isSpoiled(bundle.getBundleId(), latest) || components.isSpoiled(bundle);
    }

    /**
     * Returns whether reports say that a class of a bundle is unusable. A bundle that attachments
     * run on is spared: its code serves clients, and has to stay.
     */
    static boolean isSpoiled(long bundle, List<Report> reports) {
        List<Report> ofIt =
                reports.stream().filter(report -> report.part().bundle() == bundle).toList();
        return ofIt.stream().noneMatch(report -> report.kind().equals(ATTACHMENT))
                && ofIt.stream()
                        .filter(report -> report.state() != Report.State.GOOD)
                        .anyMatch(report -> RootCause.isRemembered(report.message()));
    }

    @Deactivate
    void stop() {
        if (watching != null) {
            watching.close();
        }
    }
}
