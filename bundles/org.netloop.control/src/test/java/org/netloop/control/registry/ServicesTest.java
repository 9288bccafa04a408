package org.netloop.control.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.status.Reporter;
import org.netloop.control.TestBundle;
import org.netloop.control.TestFramework;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Reports that are asked for while the bundle that asks stops, in a framework of their own. */
@Timeout(60)
final class ServicesTest {
    @TempDir private Path directory;

    private Path jar() throws Exception {
        return TestBundle.write(directory.resolve("asking.jar"), "com.example.asking", Map.of());
    }

    @Test
    void noReporterIsBlamedForTheEndOfTheBundleThatAsks() throws Exception {
        try (TestFramework framework =
                TestFramework.start(directory.resolve("framework"), Map.of())) {
            Bundle asking =
                    framework.context().installBundle("reference:" + jar().toUri().toString());
            asking.start();
            Services services = new Services(asking.getBundleContext());
            Reporter reporter =
                    () -> {
                        try {
                            asking.stop();
                        } catch (BundleException e) {
                            throw new IllegalStateException(e);
                        }
                        return List.of();
                    };
            framework.context().registerService(Reporter.class, reporter, null);
            assertThat(services.reports()).as("while it stops").isEmpty();
            assertThat(services.reports()).as("afterwards").isEmpty();
        }
    }
}
