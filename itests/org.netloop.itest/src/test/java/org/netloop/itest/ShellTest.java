package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code netloop shell}, for a deployment that runs. */
final class ShellTest extends RuntimeTest {
    private static final Duration WITHIN = Duration.ofSeconds(120);

    /** A terminal of 120 columns that types its arguments, each at a prompt. */
    private static final String TERMINAL =
            """
            import fcntl, os, pty, struct, sys, termios
            child, terminal = pty.fork()
            if child == 0:
                size = struct.pack("HHHH", 40, 120, 0, 0)
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                os.execv(sys.argv[1], [sys.argv[1], "shell", "--state", sys.argv[2]])
            lines = sys.argv[3:]
            shown = b""
            try:
                while True:
                    shown += os.read(terminal, 65536)
                    if lines and shown.endswith(b"netloop> "):
                        os.write(terminal, lines.pop(0).encode())
            except OSError:
                print(shown.decode(errors="replace"))
            sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """;

    private Program shell(String input, String... more) throws IOException {
        Path file = Files.writeString(at("input"), input);
        String[] command = new String[more.length + 3];
        command[0] = "shell";
        command[1] = "--state";
        command[2] = at("state").toString();
        System.arraycopy(more, 0, command, 3, more.length);
        return netloop(Map.of(), file, command);
    }

    @Test
    void aDeploymentIsChangedByLinesByAScriptAndAtATerminal()
            throws IOException, InterruptedException {
        pack(Images.random(16), at("repo"));
        Path configuration = directory("conf").resolve("root.json");
        Files.writeString(
                configuration,
                """
                {"org.netloop.volume~root": {"name": "root", "reference": "REPO"}}
                """
                        .replace("REPO", at("repo").toString()));
        Program service = netloop("run", at("conf").toString(), "--state", at("state").toString());
        Await.until("the deployment answers", WITHIN, () -> Files.exists(at("state/control.sock")));

        Program.Ended line = shell("", "-c", "volume = root; mirror ls $volume").end().well();
        assertThat(line.out()).contains(at("repo").toString());

        Program.Ended script =
                shell(
                                """
                                volume set root patience.ms=12345
                                bundle update /nowhere.jar
                                volume set root patience.ms=54321
                                """)
                        .end();
        assertThat(script.exit()).isEqualTo(1);
        assertThat(script.err()).contains("there is no file /nowhere.jar");
        assertThat(Files.readString(configuration)).contains("12345").doesNotContain("54321");

        assertThat(atATerminal("bundle stop org.netloop.codec.zs\t\r", "exit\r"))
                .contains("org.netloop.codec.zstd is stopped");
        assertThat(service.terminate().end().exit()).isZero();
    }

    /** Returns the output of a terminal where a user types these lines, one at each prompt. */
    private String atATerminal(String... lines) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "/usr/bin/python3",
                                "-c",
                                TERMINAL,
                                runtime().resolve("bin/netloop").toString(),
                                at("state").toString()));
        command.addAll(List.of(lines));
        Map<String, String> environment =
                Map.of("TERM", "xterm", "JAVA_HOME", System.getProperty("java.home"));
        Path nothing = Path.of("/dev/null");
        return kept(Program.start(at("."), nothing, environment, command.toArray(String[]::new)))
                .end()
                .well()
                .out();
    }
}
