package org.netloop.assembler.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.layout.Appliance;
import org.netloop.assembler.layout.FakeHome;
import org.tukaani.xz.XZInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

class InitramfsKindTest {
    private static final long TIME = 1_700_000_000;

    @TempDir Path directory;
    private FakeHome home;
    private final Map<String, String> options = new HashMap<>();

    @BeforeEach
    void install() throws Exception {
        home = new FakeHome(Files.createDirectory(directory.resolve("home")));
        Path modules = Files.createDirectories(directory.resolve("kernel/lib/modules/6.1"));
        Files.writeString(
                modules.resolve("modules.builtin"),
                "k/virtio_pci.ko\nk/virtio_net.ko\nk/ext4.ko\nk/overlay.ko\n");
        Files.writeString(modules.resolve("nbd.ko"), "ELF\0depends=\0");
        options.put("kernel", directory.resolve("kernel").toString());
        options.put("thin", "yes");
        options.put("busybox", program("busybox"));
        options.put("client", program("client"));
    }

    /** A program that needs nothing: no segment of its file says so. */
    private String program(String name) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x464c457f).put((byte) 2).put((byte) 1);
        return Files.write(directory.resolve(name), header.array()).toString();
    }

    private Path write(String name) throws Exception {
        Path out = directory.resolve(name);
        new InitramfsKind()
                .write(
                        new Assembly(
                                Appliance.resolve(home.sources("gateway")),
                                Files.createDirectory(directory.resolve(name + "-work")),
                                Instant.ofEpochSecond(TIME),
                                "1",
                                options),
                        out);
        return out;
    }

    private static Map<String, CpioArchiveEntry> members(InputStream in) throws IOException {
        Map<String, CpioArchiveEntry> members = new LinkedHashMap<>();
        try (CpioArchiveInputStream cpio = new CpioArchiveInputStream(in)) {
            for (CpioArchiveEntry each = cpio.getNextEntry();
                    each != null;
                    each = cpio.getNextEntry()) {
                members.put(each.getName(), each);
            }
        }
        return members;
    }

    @Test
    void aThinOneHasItsProgramsModulesAndDevices() throws Exception {
        Map<String, CpioArchiveEntry> members;
        try (InputStream file = Files.newInputStream(write("thin"));
                InputStream in = new XZInputStream(file)) {
            members = members(in);
        }
        assertThat(members)
                .containsKeys("init", "shutdown", "bin/busybox", "bin/nbd-client", "modules/nbd.ko")
                .containsKeys("good", "cache", "etc/network", "etc/cache", "etc/end")
                .doesNotContainKeys("app", "modules/fuse.ko");
        CpioArchiveEntry init = Objects.requireNonNull(members.get("init"));
        assertThat(init.getMode()).isEqualTo(0100755);
        CpioArchiveEntry console = Objects.requireNonNull(members.get("dev/console"));
        assertThat(console.isCharacterDevice()).isTrue();
        assertThat(console.getRemoteDeviceMaj()).isEqualTo(5);
        assertThat(members.values()).allMatch(member -> member.getTime() == TIME);
        assertThat(members.keySet().stream().toList().indexOf("bin"))
                .isLessThan(members.keySet().stream().toList().indexOf("bin/busybox"));
    }

    @Test
    void itHasTheSameBytesEachTime() throws Exception {
        options.put("compress", "gzip");
        assertThat(write("first")).hasSameBinaryContentAs(write("second"));
    }

    @Test
    void whatIsMissingIsSaid() {
        options.put("compress", "lzo");
        assertThatThrownBy(() -> write("lzo"))
                .isInstanceOf(AssemblyException.class)
                .hasMessage("compress=lzo: it is xz, gzip or none");
        options.put("client", "/no/such/client");
        assertThatThrownBy(() -> write("client")).hasMessageContaining("install nbd-client");
        options.put("busybox", options.get("kernel"));
        assertThatThrownBy(() -> write("busybox")).hasMessageContaining("install busybox-static");
        options.put("busybox", directory.resolve("client").toString());
        options.put("modules", "xfs");
        assertThatThrownBy(() -> write("module"))
                .hasMessageContaining("kernel 6.1 has no module xfs");
    }
}
