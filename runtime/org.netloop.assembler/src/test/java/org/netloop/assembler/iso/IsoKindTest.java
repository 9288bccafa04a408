package org.netloop.assembler.iso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.Assembly;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.layout.Appliance;
import org.netloop.assembler.layout.FakeHome;
import org.netloop.tck.Machine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

class IsoKindTest {
    private static final long SMALL = 600_000;

    @TempDir Path directory;
    private FakeHome home;

    @BeforeEach
    void install() throws Exception {
        home = new FakeHome(Files.createDirectory(directory.resolve("home")));
    }

    private Path write(String name, Map<String, String> options) throws Exception {
        Path out = directory.resolve(name);
        Assembly assembly =
                new Assembly(
                        Appliance.resolve(home.sources("gateway")),
                        Files.createDirectory(directory.resolve(name + "-work")),
                        Instant.ofEpochSecond(1_700_000_000),
                        "1",
                        options);
        new IsoKind().write(assembly, out);
        return out;
    }

    @Test
    void aMediumForTheNetworkIsSmallAndHasTheSameBytesEachTime() throws Exception {
        Machine.needsProgram("xorriso");
        Machine.needsFile("/usr/lib/ISOLINUX/isolinux.bin");
        Machine.needsFile("/usr/lib/syslinux/modules/bios/ldlinux.c32");
        Machine.needsFile("/usr/lib/ipxe/ipxe.lkrn");
        Map<String, String> options =
                Map.of("url", "http://mirror.example/boot/", "firmware", "bios");
        Path first = write("first", options);
        assertThat(first).hasSameBinaryContentAs(write("second", options));
        assertThat(Files.size(first)).isLessThan(SMALL);
        String bytes = Files.readString(first, StandardCharsets.ISO_8859_1);
        assertThat(bytes.substring(0x8001, 0x8006)).isEqualTo("CD001");
        assertThat(bytes.substring(0x8807, 0x881e)).isEqualTo("EL TORITO SPECIFICATION");
        assertThat(bytes).contains("dhcp && chain http://mirror.example/boot/boot.ipxe");
    }

    @Test
    void whatIsMissingIsSaid() {
        Map<String, String> url = Map.of("url", "http://mirror.example/boot/", "firmware", "arm");
        assertThatThrownBy(() -> write("firmware", url))
                .isInstanceOf(AssemblyException.class)
                .hasMessage("firmware=arm: it is bios, uefi or both");
        Map<String, String> both = Map.of("url", "http://m/", "repo", "http://m/root/");
        assertThatThrownBy(() -> write("both", both))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("nothing but loaders, and no use for repo:");
        assertThatThrownBy(() -> write("root", Map.of()))
                .hasMessageContaining("nothing says where the root comes from");
        assertThatThrownBy(() -> write("kernel", Map.of("repo", "http://mirror.example/root/")))
                .hasMessageContaining("name the kernel's files by -o kernel=DIR");
        String empty = directory.toString();
        assertThatThrownBy(() -> write("empty", Map.of("repo", "r", "kernel", empty)))
                .hasMessageContaining("has 0 files vmlinuz-*, and has to have one");
        assertThatThrownBy(
                        () ->
                                write(
                                        "loader",
                                        Map.of(
                                                "url",
                                                "http://mirror.example/",
                                                "ipxe",
                                                empty + "/ipxe.lkrn")))
                .hasMessageContaining("install ipxe");
    }
}
