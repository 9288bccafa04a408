package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.command.Doctor.Sign;
import org.netloop.command.Doctor.Verdict;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Signs of a machine that has everything, and of one that has nothing. */
class DoctorTest {
    @TempDir private Path root;

    private Sign sign(String subject) {
        return new Doctor(root, 0, Map.of("HOME", root.toString()))
                .signs().stream()
                        .filter(sign -> sign.subject().equals(subject))
                        .findFirst()
                        .orElseThrow();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void whatIsMissingIsNotedInWordsOfTheDistribution() throws IOException {
        assertThat(sign("libfuse 2").advice()).contains("libfuse.so.2");
        write("etc/os-release", "ID=debian\n");
        assertThat(sign("libfuse 2").line())
                .startsWith("note    libfuse 2")
                .contains("is not installed: apt install libfuse2 (for");
        write("etc/os-release", "ID=alpine\n");
        assertThat(sign("libfuse 2").advice()).startsWith("apk add fuse ");
        assertThat(sign("FUSE mounts").verdict()).isEqualTo(Verdict.NOTE);
        assertThat(sign("FUSE mounts").advice()).contains("/dev/fuse is missing");
        assertThat(sign("loop devices").verdict()).isEqualTo(Verdict.NOTE);
        assertThat(sign("Java").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void whatIsThereIsFine() throws IOException {
        write("usr/lib/x86_64-linux-gnu/libfuse.so.2", "");
        write("dev/fuse", "");
        write("dev/loop-control", "");
        assertThat(sign("libfuse 2").verdict()).isEqualTo(Verdict.OK);
        write("proc/self/status", "CapEff:\t000001ffffffffff\n");
        assertThat(sign("FUSE mounts").verdict()).isEqualTo(Verdict.OK);
        assertThat(sign("loop devices").verdict()).isEqualTo(Verdict.OK);
    }

    @Test
    void aProcessWithoutTheRightToMountIsNoted() throws IOException {
        write("dev/fuse", "");
        write("proc/self/status", "CapEff:\t00000000a80425fb\n");
        assertThat(sign("FUSE mounts").verdict()).isEqualTo(Verdict.NOTE);
        assertThat(sign("FUSE mounts").advice()).contains("CAP_SYS_ADMIN");
    }

    @Test
    void aLowLimitOfOpenFilesIsNoted() throws IOException {
        write(
                "proc/self/limits",
                "Max open files            256                  4096        files\n");
        assertThat(sign("open files").fact()).isEqualTo("at most 256");
        assertThat(sign("open files").verdict()).isEqualTo(Verdict.NOTE);
        write("proc/self/limits", "Max open files            unlimited     unlimited   files\n");
        assertThat(sign("open files").verdict()).isEqualTo(Verdict.OK);
    }
}
