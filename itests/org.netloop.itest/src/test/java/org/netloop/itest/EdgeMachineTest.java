package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Machines that lack what most have: a locale, a home, room, a place to print to. */
final class EdgeMachineTest extends RuntimeTest {
    private static final Duration IN_TIME = Duration.ofSeconds(120);

    /** Runs a command line of the shell, in which {@code $N} is netloop. */
    private Program.Ended shell(String script, String... variables)
            throws IOException, InterruptedException {
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "N", runtime().resolve("bin/netloop").toString(),
                                "JAVA_HOME", System.getProperty("java.home"),
                                "XDG_CACHE_HOME", at("cache-home").toString(),
                                "XDG_STATE_HOME", at("state-home").toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return kept(Program.start(
                        directory("work"), Path.of("/dev/null"), environment, "sh", "-c", script))
                .end(IN_TIME);
    }

    private static void assertTold(Program.Ended ended, String why) {
        assertThat(ended.exit()).as("%s", ended).isEqualTo(1);
        assertThat(ended.err()).startsWith("netloop: ").contains(why).endsWith("\n");
        assertThat(ended.err()).doesNotContain("\tat ", "java.", "Exception");
        assertThat(ended.err().lines()).hasSize(1);
    }

    @Test
    void theLocaleOfProgramsNamesEveryFile() throws IOException, InterruptedException {
        Path image = Images.random(4);
        shell(
                        "o=$(printf 'gr\\303\\266\\303\\237e'); cp \"$I\" \"$o\""
                                + " && \"$N\" pack \"$o\" \"$o.d\" && \"$N\" extract \"$o.d\" \"$o.out\""
                                + " && cmp \"$I\" \"$o.out\"",
                        "LC_ALL",
                        "C",
                        "I",
                        image.toString())
                .well();
    }

    @Test
    void aUserWithoutHomeNeedsNone() throws IOException, InterruptedException {
        Path repository = repository(Images.random(4));
        shell(
                        "unset HOME XDG_CACHE_HOME XDG_STATE_HOME; \"$N\" cat \"$R\" | cmp - \"$I\" && ls -A",
                        "R",
                        repository.toString(),
                        "I",
                        Images.random(4).toString())
                .well();
        assertThat(at("work/?")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "ls $R", "inspect $R", "formats", "cat $R", "config keys"})
    void aResultThatCannotBePrintedIsAnError(String command)
            throws IOException, InterruptedException {
        String repository = repository(Images.random(4)).toString();
        assertTold(shell("\"$N\" " + command + " >/dev/full", "R", repository), "standard output");
        assertTold(shell("\"$N\" " + command + " >&-", "R", repository), "standard output");
    }

    @Test
    void aTemporaryDirectoryWithoutProgramsIsPassedOverWhateverItsName()
            throws IOException, InterruptedException {
        Machine.needsRoot("a file system is mounted");
        Path temporary = directory("a temporary\\place");
        run("mount", "-t", "tmpfs", "-o", "noexec,size=32m", "itest", temporary.toString());
        try {
            shell(
                            "\"$N\" cat --no-cache \"$R\" | cmp - \"$I\"",
                            "R",
                            repository(Images.random(4)).toString(),
                            "I",
                            Images.random(4).toString(),
                            "TMPDIR",
                            temporary.toString())
                    .well();
        } finally {
            run("umount", "-l", temporary.toString());
        }
    }

    @Test
    void aFullTemporaryDirectoryIsPassedOver() throws IOException, InterruptedException {
        Machine.needsRoot("a file system is mounted");
        Path full = directory("full");
        run("mount", "-t", "tmpfs", "-o", "size=64k", "itest", full.toString());
        shell(
                        "head -c 65536 /dev/zero >\"$TMPDIR/all\"; \"$N\" cat --no-cache \"$R\" | cmp - \"$I\"",
                        "R",
                        repository(Images.random(4)).toString(),
                        "I",
                        Images.random(4).toString(),
                        "TMPDIR",
                        full.toString())
                .well();
    }

    @Test
    void aDeploymentWithoutRoomSaysSo() throws IOException, InterruptedException {
        Machine.needsRoot("a file system is mounted");
        Path full = directory("full");
        Path configuration = directory("configuration");
        Files.writeString(configuration.resolve("a.json"), "{}");
        run("mount", "-t", "tmpfs", "-o", "size=64k", "itest", full.toString());
        assertTold(
                shell(
                        "head -c 65536 /dev/zero >\"$F/all\"; \"$N\" run \"$C\" --state \"$F\"",
                        "C",
                        configuration.toString(),
                        "F",
                        full.toString()),
                "full");
    }

    @Test
    void aFullDiskIsToldAndLeavesNothing() throws IOException, InterruptedException {
        Machine.needsRoot("a file system is mounted");
        Path full = directory("full");
        run("mount", "-t", "tmpfs", "-o", "size=1m", "itest", full.toString());
        assertTold(
                shell(
                        "\"$N\" extract --no-cache \"$R\" \"$F/image\"",
                        "R",
                        repository(Images.random(4)).toString(),
                        "F",
                        full.toString()),
                "the file system is full");
        try (var left = Files.list(full)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whereThereIsNoRepositoryNothingIsMade() throws IOException, InterruptedException {
        for (String command : new String[] {"gc", "image rm", "channel set", "channel rm"}) {
            String arguments = command.equals("gc") ? "" : " sha256:" + "0".repeat(64);
            String place =
                    command.equals("channel rm") ? " nowhere#stable" : " nowhere" + arguments;
            assertTold(
                    shell("\"$N\" " + command + place), "it is not a repository, or an empty one");
            assertThat(at("work/nowhere")).doesNotExist();
        }
    }
}
