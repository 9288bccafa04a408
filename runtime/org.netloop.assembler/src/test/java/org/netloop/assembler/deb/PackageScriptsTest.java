package org.netloop.assembler.deb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Tests which units the scripts of a package touch, by commands that only note their arguments. */
@Timeout(60)
class PackageScriptsTest {
    @TempDir private Path directory;

    /** Runs a script where systemd runs, and returns the arguments of what it invoked. */
    private List<String> invoked(String script, String... arguments) throws Exception {
        Path programs = Files.createDirectory(directory.resolve("bin"));
        Path log = Files.createFile(directory.resolve("log"));
        for (String name : List.of("deb-systemd-invoke", "systemctl")) {
            Path program = programs.resolve(name);
            Files.writeString(program, "#!/bin/sh\necho \"${0##*/} $*\" >>" + log + "\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        String text =
                Templates.text(script, Map.of())
                        .replace("/run/systemd/system", directory.toString());
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", text, script);
        shell.command().addAll(List.of(arguments));
        shell.directory(directory.toFile()).inheritIO();
        shell.environment().put("PATH", programs.toString());
        assertThat(shell.start().waitFor()).isZero();
        return Files.readAllLines(log);
    }

    @Test
    void aRemovalStopsAllInstances() throws Exception {
        assertThat(invoked("prerm", "remove"))
                .containsExactly(
                        "deb-systemd-invoke stop netloop@*.socket netloop@*.service"
                                + " netloop.service");
    }

    @Test
    void anUpgradeRestartsAllInstances() throws Exception {
        assertThat(invoked("postinst", "configure", "1.0"))
                .containsExactly(
                        "systemctl --system daemon-reload",
                        "deb-systemd-invoke try-restart netloop.service netloop@*.service");
    }

    @Test
    void aFirstInstallationStartsNothing() throws Exception {
        assertThat(invoked("postinst", "configure", ""))
                .containsExactly("systemctl --system daemon-reload");
    }
}
