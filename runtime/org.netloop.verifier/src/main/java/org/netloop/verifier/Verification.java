package org.netloop.verifier;

import org.netloop.api.plugin.PluginFile;
import org.netloop.api.plugin.RootCause;
import org.netloop.launcher.Deployment;
import org.netloop.launcher.FrameworkHost;
import org.netloop.launcher.LaunchException;
import org.netloop.launcher.Need;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Verifies one plugin, from its file to the suites of what it registers. */
final class Verification {
    private final Plugin plugin;
    private final Optional<Path> tests;
    private final Report report;

    /**
     * @param tests the plugin's own test classes, run on it too
     */
    Verification(Plugin plugin, Optional<Path> tests, Report report) {
        this.plugin = plugin;
        this.tests = tests;
        this.report = report;
    }

    /**
     * Fills in the report.
     *
     * @throws LaunchException if the deployment itself does not start
     */
    void run(FrameworkHost host, Deployment deployment) throws LaunchException, IOException {
        report.fact("bundle", plugin.name() + " " + plugin.version());
        PluginFile file = PluginFile.read(plugin.file());
        file.problems().forEach(report::problem);
        file.notes().forEach(report::note);
        describeModule();
        report.stage("starting the deployment without it");
        host.start(withoutItself(deployment));
        Optional<Bundle> installed = install(host.context());
        if (installed.isPresent()) {
            examine(host.context(), installed.get());
        }
    }

    private void describeModule() {
        try {
            Optional<ModuleDescriptor> module = plugin.module();
            report.fact("module", module.map(ModuleDescriptor::name).orElse("none"));
            if (module.isEmpty() || module.get().isAutomatic()) {
                report.note(
                        "it is not a named module: add a module-info.java, so that it also stands on a"
                                + " module path");
            } else if (!module.get().name().equals(plugin.name())) {
                report.note("its module is not called as its bundle, " + plugin.name());
            }
        } catch (FindException e) {
            report.fact("module", "none");
            report.note("its module cannot be determined: " + e.getMessage());
        }
    }

    /** An update of something that the deployment has is verified in its place. */
    private Deployment withoutItself(Deployment deployment) throws IOException {
        Map<Path, String> others = new LinkedHashMap<>();
        for (Map.Entry<Path, String> entry : deployment.bundles().entrySet()) {
            if (Plugin.read(entry.getKey()).name().equals(plugin.name())) {
                report.note("the deployment has it too: this one is verified in its place");
                if (!PluginFile.read(entry.getKey()).canBeReplaced()) {
                    report.problem(PluginFile.onlyByRestart(plugin.name()));
                }
            } else {
                others.put(entry.getKey(), entry.getValue());
            }
        }
        return new Deployment(others, deployment.configurations());
    }

    private Optional<Bundle> install(BundleContext framework) throws IOException {
        report.stage("installing it");
        try (InputStream bytes = Files.newInputStream(plugin.file())) {
            return Optional.of(framework.installBundle("verify:" + plugin.file(), bytes));
        } catch (BundleException e) {
            report.problem("it cannot be installed: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void examine(BundleContext framework, Bundle bundle) {
        List<Need> needs = Need.of(bundle, framework.getBundles());
        report.needs(needs);
        if (start(needs, bundle)) {
            new Services(framework, bundle, report).test(tests);
            // Asked last: a component is made, and fails, when its service is first asked for.
            Components.problems(framework, bundle).forEach(report::problem);
            remove(bundle);
        }
    }

    /** Removes the bundle as a deployment does when its jar is taken away. */
    private void remove(Bundle bundle) {
        report.stage("removing it");
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            report.problem("it cannot be removed: " + RootCause.of(e));
        }
    }

    private boolean start(List<Need> needs, Bundle bundle) {
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
            return false;
        }
        report.stage("starting it");
        try {
            bundle.start();
        } catch (BundleException e) {
            explain(needs, bundle, e);
            return false;
        }
        report.fact("resolves", true);
        report.fact("starts", true);
        return true;
    }

    private void explain(List<Need> needs, Bundle bundle, BundleException failure) {
        boolean resolves = bundle.getState() != Bundle.INSTALLED;
        report.fact("resolves", resolves);
        report.fact("starts", false);
        List<String> missing = needs.stream().flatMap(need -> need.problem().stream()).toList();
        if (resolves || missing.isEmpty()) {
            report.problem("it cannot start: " + RootCause.of(failure));
        } else {
            missing.forEach(report::problem);
        }
    }
}
