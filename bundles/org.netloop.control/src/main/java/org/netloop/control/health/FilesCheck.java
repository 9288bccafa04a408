package org.netloop.control.health;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Checks that the configuration files and the plugins of a deployment are in force as they lie
 * there, and so are kept changes. Thread-safe.
 *
 * @param refusal tells why the files are refused; empty if they are not
 * @param plugins tells which plugins are refused, each with the reason
 * @param aside tells which kept changes are set aside, by symbolic name, each with the reason
 */
public record FilesCheck(
        Supplier<String> refusal,
        Supplier<Map<String, String>> plugins,
        Supplier<Map<String, String>> aside)
        implements HealthCheck {
    @Override
    public List<Finding> check() {
        List<Finding> findings = new ArrayList<>();
        if (!refusal.get().isEmpty()) {
            findings.add(
                    new Finding(
                            HealthStatus.WARN,
                            "configuration files",
                            "refused, the former ones stay in force: " + refusal.get(),
                            "correct them: netloop config check"));
        }
        plugins.get()
                .forEach(
                        (plugin, why) ->
                                findings.add(
                                        new Finding(
                                                HealthStatus.WARN,
                                                "plugin " + plugin,
                                                "refused: " + why,
                                                "replace or remove its file")));
        aside.get()
                .forEach(
                        (name, why) ->
                                findings.add(
                                        new Finding(
                                                HealthStatus.WARN,
                                                "kept change of " + name,
                                                "set aside: " + why,
                                                "make it again, or netloop bundle forget '"
                                                        + name
                                                        + "'")));
        return findings;
    }
}
