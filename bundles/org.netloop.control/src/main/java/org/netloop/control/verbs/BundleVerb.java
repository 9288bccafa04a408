package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.status.Report;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.Listed;
import org.netloop.control.bundles.PluginDirectory;
import org.netloop.control.changes.LastingBundles;
import org.netloop.control.registry.Services;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code bundle.ls} and the changes of bundles. */
public final class BundleVerb implements ControlVerb {
    /** The verbs it answers. */
    public static final List<String> NAMES =
            List.of(
                    "bundle.ls",
                    "bundle.install",
                    "bundle.update",
                    "bundle.start",
                    "bundle.stop",
                    "bundle.uninstall",
                    "bundle.rollback",
                    "bundle.forget");

    private static final String FILE = "file";
    private static final String BUNDLE = "bundle";

    private final BundleManager bundles;
    private final LastingBundles lasting;
    private final PluginDirectory plugins;
    private final Services services;

    /** Creates the verb of a running deployment. */
    public BundleVerb(
            BundleManager bundles,
            LastingBundles lasting,
            PluginDirectory plugins,
            Services services) {
        this.bundles = bundles;
        this.lasting = lasting;
        this.plugins = plugins;
        this.services = services;
    }

    /** Each step of a change has a limit of its own, and changes wait for each other. */
    @Override
    public Duration limit() {
        return LONGEST_LIMIT;
    }

    @Override
    public boolean isChange(ControlRequest request) {
        return !request.verb().equals("bundle.ls");
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        return switch (request.verb()) {
            case "bundle.install" -> said(lasting.install(Path.of(request.text(FILE))));
            case "bundle.update" -> said(lasting.update(Path.of(request.text(FILE))));
            case "bundle.start" -> said(lasting.start(request.text(BUNDLE)));
            case "bundle.stop" -> said(lasting.stop(request.text(BUNDLE)));
            case "bundle.uninstall" -> said(lasting.uninstall(request.text(BUNDLE)));
            case "bundle.rollback" -> said(lasting.rollback(request.text(BUNDLE)));
            case "bundle.forget" -> said(lasting.forget(request.text(BUNDLE)));
            default -> list();
        };
    }

    private static Map<String, ?> said(String message) {
        return Map.of("message", message);
    }

    private Map<String, ?> list() {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<Report> reports = services.reports();
        for (Listed bundle : bundles.list()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", bundle.id());
            row.put("name", bundle.name());
            row.put("version", bundle.version());
            row.put("since", bundle.since().toString());
            row.put("state", bundle.state());
            row.put("services", bundle.services());
            row.put("former", bundle.former());
            List<String> troubles = new ArrayList<>(bundle.waiting());
            troubles.addAll(troubles(reports, bundle.id()));
            row.put("troubles", troubles);
            rows.add(row);
        }
        return Map.of(
                "bundles",
                rows,
                "plugins-refused",
                plugins.refusals(),
                "changes",
                lasting.changes());
    }

    private static List<String> troubles(List<Report> reports, long bundle) {
        return reports.stream()
                .filter(r -> r.state() != Report.State.GOOD && r.part().bundle() == bundle)
                .map(r -> r.state() + " " + r.kind() + " " + r.name() + ": " + r.message())
                .toList();
    }
}
