package org.netloop.api.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.systemd.PassedDescriptors.Passed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tests processes that are to take the place of this one; shells stand for them. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SuccessorTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private static Successor start(String script, Passed... passed) throws IOException {
        return Successor.start(List.of("/bin/sh", "-c", script), List.of(passed));
    }

    @Test
    void itGetsWhatIsPassedAndSaysWhenItServes() throws Exception {
        Path told = directory.resolve("told");
        Pipe pipe = Pipe.open();
        try {
            String script =
                    "echo \"$LISTEN_PID $$ $LISTEN_FDS $LISTEN_FDNAMES\" >"
                            + told
                            + "; (ls -m /proc/$$/fd >>"
                            + told
                            + ")"
                            + "; echo 3 >&4; read -r _ <&5; exit 0";
            Successor successor = start(script, new Passed(pipe.reading(), "one"));
            assertThat(successor.awaitReady(LONG)).isEqualTo(3);
            String pid = String.valueOf(successor.pid());
            assertThat(Files.readAllLines(told))
                    .containsExactly(
                            pid + " " + pid + " 3 one:netloop-ready:netloop-former",
                            "0, 1, 2, 3, 4, 5");
            successor.kill();
        } finally {
            Spawn.close(pipe.reading());
            Spawn.close(pipe.writing());
        }
    }

    @Test
    void oneThatEndsOrIsLateServesNothing() throws Exception {
        Successor ended = start("exit 3");
        assertThat(ended.awaitReady(LONG)).isNegative();
        ended.kill();

        Successor babbles = start("echo none >&3; exec sleep 60");
        assertThat(babbles.awaitReady(LONG)).isNegative();
        babbles.kill();

        Successor late = start("exec sleep 60");
        assertThat(late.awaitReady(Duration.ofMillis(10))).isNegative();
        late.kill();
        assertThat(ProcessHandle.of(late.pid())).isEmpty();
    }

    @Test
    void aProgramThatIsNotThereIsAFailure() {
        assertThatThrownBy(() -> Spawn.start(List.of("/no/such"), List.of(), Map.of(), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such cannot be run");
    }
}
