package org.netloop.assembler.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Tests the functions of init for a cache on a disk, by the system's shell. */
@Timeout(60)
class CacheScriptTest {
    private static final String FAKES =
            """
            tries=2 trial=600 kept=yes
            tell() { echo "$*"; }
            sync() { :; }
            sleep() { :; }
            findfs() { return 1; }
            """;

    @TempDir private Path directory;
    private Path boots;

    @BeforeEach
    void prepare() throws IOException {
        boots = Files.createDirectory(directory.resolve("boot"));
    }

    private List<String> run(String commands) throws Exception {
        String functions;
        try (InputStream in = BootTree.class.getResourceAsStream("cache")) {
            functions =
                    new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        String places =
                "cache="
                        + directory
                        + " boots="
                        + boots
                        + " now="
                        + directory
                        + "/now came_up="
                        + directory
                        + "/up\n";
        Process process =
                new ProcessBuilder("/bin/sh", "-c", functions + FAKES + places + commands)
                        .redirectErrorStream(true)
                        .start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private List<String> noted(String name) throws IOException {
        return Files.readAllLines(boots.resolve(name));
    }

    @Test
    void anImageThatDoesNotComeUpIsLeftAfterItsTries() throws Exception {
        Files.writeString(boots.resolve("good"), "a\n");
        String start = "begin_trial b && echo starts || echo back to $good\n";
        assertThat(run(start + start + start + start))
                .containsExactly(
                        "b is on trial, 1 of 2; it has 600 s to come up",
                        "starts",
                        "b is on trial, 2 of 2; it has 600 s to come up",
                        "starts",
                        "back to a",
                        "back to a");
        assertThat(noted("good")).containsExactly("a");
    }

    @Test
    void anImageThatHasComeUpIsTheOneToReturnTo() throws Exception {
        Files.writeString(boots.resolve("good"), "a\n");
        run("begin_trial b; end_trial");
        assertThat(noted("good")).containsExactly("b");
        assertThat(boots.resolve("tried")).doesNotExist();
    }

    @Test
    void theImageThatWasReturnedToDoesNotEndTheTrialOfTheOther() throws Exception {
        Files.writeString(boots.resolve("good"), "a\n");
        Files.writeString(boots.resolve("tried"), "b 2\n");
        assertThat(run("begin_trial b || echo a >$now; end_trial; is_on_trial || echo over"))
                .containsExactly("over");
        assertThat(noted("good")).containsExactly("a");
        assertThat(noted("tried")).containsExactly("b 2");
    }

    @Test
    void aChannelThatGoesBackEndsTheTrial() throws Exception {
        Files.writeString(boots.resolve("good"), "a\n");
        run("begin_trial b; begin_trial a");
        assertThat(boots.resolve("tried")).doesNotExist();
    }

    @Test
    void theFirstImageIsTriedForEver() throws Exception {
        assertThat(run("begin_trial a && begin_trial a && begin_trial a && echo starts"))
                .containsExactly("starts");
        assertThat(noted("last")).containsExactly("a");
        assertThat(boots.resolve("good")).doesNotExist();
    }

    @Test
    void withoutADiskNothingIsKept() throws Exception {
        assertThat(run("kept=; begin_trial a && echo starts; is_known || echo unknown"))
                .containsExactly("starts", "unknown");
        assertThat(boots).isEmptyDirectory();
    }

    @Test
    void aMachineBootsWithoutTheDiskThatIsNamed() throws Exception {
        assertThat(run("kept=; open_cache LABEL=none; echo \"kept=$kept\""))
                .containsExactly("no cache: there is no disk LABEL=none", "kept=");
    }

    @Test
    void systemdSaysWhenItHasComeUp() throws Exception {
        run("add_unit " + directory + "/units");
        assertThat(directory.resolve("units/multi-user.target.wants/netloop-good.service"))
                .content()
                .contains("ExecStart=/run/initramfs/good", "After=boot-complete.target");
    }
}
