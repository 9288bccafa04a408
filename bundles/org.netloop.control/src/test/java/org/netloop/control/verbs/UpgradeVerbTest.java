package org.netloop.control.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.control.ControlRequest;
import org.netloop.control.TestFramework;
import org.netloop.control.changes.ChangeTurns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Tests what an upgrade is refused for before anything is started. */
class UpgradeVerbTest {
    @TempDir private Path directory;

    private final CountDownLatch end = new CountDownLatch(1);

    private void refused(boolean between, String why) throws Exception {
        try (TestFramework framework =
                TestFramework.start(directory.resolve("storage"), Map.of())) {
            UpgradeVerb verb =
                    new UpgradeVerb(
                            framework.context(),
                            List.of("run"),
                            () -> {
                                throw new IOException("the socket is asked for");
                            },
                            end,
                            new ChangeTurns(
                                    () -> between, CompletableFuture.completedFuture(null)));
            Map<String, Object> members =
                    Map.of(UpgradeVerb.HOME, directory.toString(), UpgradeVerb.WITHIN, 1);
            assertThatThrownBy(
                            () ->
                                    verb.answer(
                                            new ControlRequest(
                                                    UpgradeVerb.NAME, Map.copyOf(members))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(why);
            assertThat(end.getCount()).isEqualTo(1);
        }
    }

    private void install() throws IOException {
        Path program = directory.resolve("bin").resolve("netloop");
        Files.createDirectories(directory.resolve("bin"));
        assertThat(Files.createFile(program).toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aDirectoryWithoutAProgramIsRefused() throws Exception {
        refused(false, "name a directory of Netloop");
    }

    @Test
    void oneOfTwoProcessesThatServeIsNotUpgraded() throws Exception {
        install();
        refused(true, "another upgrade is under way");
        refused(false, "the socket is asked for");
    }
}
