package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The commands of the README, one after the other, with its places put into the scratch directory.
 * Its first two are those of {@code .ci/run}.
 */
final class ReadmeTest extends RuntimeTest {
    private static final Path README = Path.of("../../README.md").toAbsolutePath();
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("\\s+# .*$");
    private static final String GUEST = "qemu-system-x86_64 -drive ";
    private static final int COMMANDS = 15;

    private final List<Program> serving = new ArrayList<>();

    @Test
    void itsCommandsDoWhatTheySay() throws IOException, InterruptedException {
        Files.copy(Images.small(), at("root.img"));
        Files.copy(Images.random(16), at("root-2.img"));
        Files.createSymbolicLink(
                directory("bin").resolve("netloop"), runtime().resolve("bin/netloop"));
        String web = nginx(directory("www")).uri();
        List<String> commands = commands();
        assertThat(commands).hasSize(COMMANDS);
        for (String command : commands) {
            carryOut(
                    command.replace("http://mirror.example/", web)
                            .replace("/srv/www", at("www").toString())
                            .replace("/mnt", directory("mnt").toString())
                            .replace("/run/", at("") + "/"));
        }
    }

    private static List<String> commands() throws IOException {
        return BLOCK.matcher(Files.readString(README))
                .results()
                .flatMap(block -> block.group(1).lines())
                .map(line -> COMMENT.matcher(line).replaceFirst(""))
                .filter(line -> !line.startsWith("runtime/") && !line.startsWith("itests/"))
                .toList();
    }

    private void carryOut(String command) throws IOException, InterruptedException {
        if (command.startsWith("netloop mount ")) {
            shell(command).awaitOutput("root is at");
        } else if (command.startsWith("netloop serve ")) {
            serve(command);
        } else if (command.startsWith(GUEST)) {
            // A guest would need a kernel; its disk is opened in the same words.
            String disk = command.substring(GUEST.length()).replace(",readonly=on", "");
            assertThat(shell("qemu-img info --image-opts " + disk).end().well().out())
                    .contains("file format: raw");
        } else {
            String out = shell(command).end().well().out();
            if (command.startsWith("ls ")) {
                assertThat(out.lines()).containsExactly("root", "root.img", "root.status");
            }
        }
    }

    /** Serves until the next command; a recording is written when that ends. */
    private void serve(String command) throws IOException, InterruptedException {
        boolean records = command.contains("--record-profile");
        for (Program former : serving) {
            former.terminate().end().well();
        }
        serving.clear();
        Program program = shell(command).awaitOutput("root is at");
        if (records) {
            run("nbdcopy", nbd(at("root.sock")), "null:");
            program.terminate().end().well();
            assertThat(at("boot.json")).isNotEmptyFile();
        } else {
            serving.add(program);
        }
    }

    private Program shell(String command) throws IOException {
        Map<String, String> environment =
                Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "PATH",
                        at("bin") + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        return kept(
                Program.start(
                        at(""), Path.of("/dev/null"), environment, "sh", "-c", "exec " + command));
    }
}
