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
                            + "; echo 2 >&4; echo 3 >&4; read -r _ <&5; exit 0";
            Successor successor = start(script, new Passed(pipe.reading(), "one"));
            assertThat(successor.awaitReady(3, LONG)).isTrue();
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
    void oneThatStandsByIsToldByThreeDescriptorsAndEndsWhenItIsTold() throws Exception {
        Path told = directory.resolve("told");
        String script =
                "echo $LISTEN_FDNAMES >"
                        + told
                        + "; readlink /proc/$$/fd/3 >>"
                        + told
                        + "; trap 'exit 9' TERM; echo 0 >&4; while :; do read -r _ <&5; done";
        Successor standby = Successor.standBy(List.of("/bin/sh", "-c", script), List.of());
        assertThat(standby.awaitReady(0, LONG)).isTrue();
        assertThat(Files.readAllLines(told))
                .satisfiesExactly(
                        names ->
                                assertThat(names)
                                        .isEqualTo(
                                                "netloop-process:netloop-standby:netloop-former"),
                        kind -> assertThat(kind).contains("pidfd"));
        assertThat(standby.ended()).isNotDone();
        standby.end(LONG);
        assertThat(standby.ended()).isCompletedWithValue(9);
    }

    @Test
    void oneThatDoesNotListenIsKilled() throws Exception {
        Successor standby =
                Successor.standBy(
                        List.of("/bin/sh", "-c", "trap '' TERM; echo 0 >&4; exec sleep 60"),
                        List.of());
        assertThat(standby.awaitReady(0, LONG)).isTrue();
        standby.end(Duration.ofMillis(10));
        assertThat(standby.ended()).isCompletedWithValue(-1);
    }

    @Test
    void oneThatEndsOrIsLateServesNothing() throws Exception {
        Successor ended = start("exit 3");
        assertThat(ended.awaitReady(0, LONG)).isFalse();
        ended.kill();

        Successor babbles = start("echo none >&3; echo 2 >&3; exec 3>&-; exec sleep 60");
        assertThat(babbles.awaitReady(3, LONG)).isFalse();
        babbles.kill();

        Successor late = start("exec sleep 60");
        assertThat(late.awaitReady(0, Duration.ofMillis(10))).isFalse();
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
