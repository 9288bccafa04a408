package org.netloop.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.tck.HealthCheckContract;

import java.util.Map;

/** The check of refused files, against the contract. */
class FilesCheckTest extends HealthCheckContract {
    @Override
    protected HealthCheck check() {
        return new FilesCheck(
                () -> "root.json: line 3: no value",
                () -> Map.of("a.jar", "not a bundle"),
                () -> Map.of("feature nbd", "a bundle of it is missing"));
    }

    @Test
    void filesPluginsAndKeptChangesAreNamed() throws Exception {
        assertThat(check().check())
                .extracting(Finding::subject)
                .containsExactly(
                        "configuration files", "plugin a.jar", "kept change of feature nbd");
        assertThat(check().check().getLast().advice())
                .endsWith("netloop bundle forget 'feature nbd'");
    }
}
