package org.netloop.control.health;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reports;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Registers the checks of what the reports of all parts say, and of the clock. */
@Component(
        service = {},
        immediate = true)
public final class BuiltInChecks {
    private final BundleContext context;
    private final Reports reports;
    private final List<ServiceRegistration<?>> registered = new ArrayList<>();

    /** Created by Declarative Services. */
    @Activate
    public BuiltInChecks(BundleContext context, @Reference Reports reports) {
        this.context = context;
        this.reports = reports;
    }

    @Activate
    void start() {
        register("volumes", judged(PartRules::volumes));
        register("mirrors", judged(PartRules::mirrors));
        register("attachments", judged(PartRules::attachments));
        register("plugins", judged(PartRules::plugins));
        register("clock", new ClockCheck(InstantSource.system(), System::nanoTime));
    }

    private HealthCheck judged(Function<List<Report>, List<Finding>> rule) {
        return () -> rule.apply(reports.all());
    }

    private void register(String name, HealthCheck check) {
        registered.add(
                context.registerService(
                        HealthCheck.class,
                        check,
                        FrameworkUtil.asDictionary(Map.of(HealthCheck.NAME, name))));
    }

    @Deactivate
    void stop() {
        registered.forEach(ServiceRegistration::unregister);
        registered.clear();
    }
}
