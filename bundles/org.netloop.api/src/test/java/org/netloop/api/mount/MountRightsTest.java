package org.netloop.api.mount;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Tests the explanation of missing rights, on simulated machines. */
class MountRightsTest {
    private static final String MAY = "CapEff:\t000001ffffffffff\n";
    private static final String MAY_NOT = "CapEff:\t00000000a80425fb\n";

    @TempDir Path machine;

    @BeforeEach
    void aMachineWithAll() throws IOException {
        write("dev/fuse", "");
        write("proc/self/status", "Name:\tjava\n" + MAY);
        Path helper = write("usr/bin/fusermount", "");
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = machine.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private void require(long uid, boolean others) throws IOException {
        new MountRights(machine, "fuse", "fusermount").require(uid, others);
    }

    @Test
    void whereAllIsThereNothingIsSaid() throws IOException {
        require(0, true);
        require(1000, false);
    }

    @Test
    void textOfOthersMayBeInAnyEncoding() throws IOException {
        byte[] name = "Name:\tgr\u00f6\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1);
        write("etc/fuse.conf", "");
        Files.write(machine.resolve("etc/fuse.conf"), name);
        Files.write(machine.resolve("proc/self/status"), name);
        require(0, true);
        assertThatThrownBy(() -> require(1000, true)).hasMessageContaining("user_allow_other");
    }

    @Test
    void theDeviceIsMissing() throws IOException {
        Files.delete(machine.resolve("dev/fuse"));
        assertThatThrownBy(() -> require(0, false))
                .hasMessageStartingWith("frontend fuse is not available: /dev/fuse is missing")
                .hasMessageContaining("modprobe fuse")
                .hasMessageContaining("--device /dev/fuse");
    }

    @Test
    void rootOfAContainerMayNotMount() throws IOException {
        write("proc/self/status", "Name:\tjava\n" + MAY_NOT);
        assertThatThrownBy(() -> require(0, false))
                .hasMessageContaining("it lacks CAP_SYS_ADMIN")
                .hasMessageContaining("--cap-add SYS_ADMIN");
    }

    @Test
    void aUserNeedsTheHelper() throws IOException {
        Files.delete(machine.resolve("usr/bin/fusermount"));
        require(0, false);
        assertThatThrownBy(() -> require(1000, false))
                .hasMessageContaining("fusermount is not installed")
                .hasMessageContaining("fuse3");
    }

    @Test
    void aUserMayLetOthersInOnlyWhereTheMachineSaysSo() throws IOException {
        assertThatThrownBy(() -> require(1000, true))
                .hasMessageContaining("/etc/fuse.conf")
                .hasMessageContaining("user_allow_other");
        write("etc/fuse.conf", "# a comment\n user_allow_other\n");
        require(1000, true);
    }
}
