package org.netloop.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.health.Health;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;

import picocli.CommandLine;

import java.lang.reflect.Proxy;
import java.util.List;

/** Tests the command line that a successor of a deployment gets. */
class RunCommandTest {
    private static <T> T unused(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, _) -> {
                            throw new UnsupportedOperationException(method.getName());
                        }));
    }

    private static List<String> ofSuccessor(String... arguments) {
        RunCommand run =
                new RunCommand(
                        unused(ConfigurationAdmin.class),
                        unused(Health.class),
                        unused(BundleContext.class));
        new CommandLine(run).parseArgs(arguments);
        return run.arguments();
    }

    @Test
    void aSuccessorRunsAsTheProcessDid() {
        List<String> whole =
                List.of(
                        "--state=/a",
                        "--keep=/b",
                        "--no-keep",
                        "--standby",
                        "--log-format=json",
                        "--ready-within=3",
                        "--update-within=4",
                        "/c");
        assertThat(String.join(" ", ofSuccessor(whole.toArray(String[]::new))))
                .isEqualTo("run " + String.join(" ", whole).replace('=', ' '));
        assertThat(ofSuccessor("/c"))
                .containsExactly("run", "--ready-within", "20", "--update-within", "10", "/c");
    }
}
