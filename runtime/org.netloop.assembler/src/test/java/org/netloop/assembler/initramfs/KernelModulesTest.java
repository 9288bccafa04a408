package org.netloop.assembler.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.AssemblyException;
import org.netloop.assembler.tree.Content;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

class KernelModulesTest {
    @TempDir Path directory;

    @BeforeEach
    void install() throws IOException {
        Path modules = Files.createDirectories(directory.resolve("lib/modules/6.1"));
        module("ext4", "jbd2,crc-16");
        module("jbd2", "");
        module("crc16", "");
        module("crc-16", "");
        module("virtio_net", "net-failover");
        Files.writeString(modules.resolve("modules.builtin"), "kernel/drivers/virtio-pci.ko\n");
    }

    private void module(String name, String depends) throws IOException {
        Files.writeString(
                directory.resolve("lib/modules/6.1/" + name + ".ko"),
                "ELF\0license=GPL\0depends=" + depends + "\0name=" + name + "\0");
    }

    private List<String> closure(String... names) throws Exception {
        return List.copyOf(KernelModules.in(directory).closure(List.of(names)).keySet());
    }

    @Test
    void aModuleComesAfterThoseItNeeds() throws Exception {
        assertThat(closure("ext4")).containsExactly("jbd2.ko", "crc-16.ko", "ext4.ko");
        assertThat(closure("jbd2", "ext4")).containsExactly("jbd2.ko", "crc-16.ko", "ext4.ko");
    }

    @Test
    void oneInTheKernelNeedsNoFile() throws Exception {
        assertThat(closure("virtio_pci")).isEmpty();
    }

    @Test
    void oneThatIsMissingIsNamedWithWhatNeedsIt() {
        assertThatThrownBy(() -> closure("virtio_net"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining(
                        "kernel 6.1 has no module net_failover, which virtio_net needs");
    }

    @Test
    void compressedOnesAreUnpacked() throws Exception {
        compress("ext4", "gz", GZIPOutputStream::new);
        compress("jbd2", "xz", out -> new XZOutputStream(out, new LZMA2Options()));
        Map<String, Content> modules = KernelModules.in(directory).closure(List.of("ext4"));
        assertThat(modules.keySet()).containsExactly("jbd2.ko", "crc-16.ko", "ext4.ko");
        for (Content module : modules.values()) {
            assertThat(new String(module.open().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("ELF");
        }
    }

    @Test
    void oneThatIsCompressedByZstdIsNamed() throws Exception {
        Path file = directory.resolve("lib/modules/6.1/jbd2.ko");
        Files.copy(file, file.resolveSibling("jbd2.ko.zst"));
        assertThat(closure("jbd2")).as("unpacked beside it").containsExactly("jbd2.ko");
        Files.delete(file);
        assertThatThrownBy(() -> closure("ext4"))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("jbd2.ko.zst is compressed by zstd");
    }

    private interface Compression {
        OutputStream on(OutputStream out) throws IOException;
    }

    private void compress(String name, String suffix, Compression compression) throws IOException {
        Path file = directory.resolve("lib/modules/6.1/" + name + ".ko");
        try (OutputStream out =
                compression.on(Files.newOutputStream(Path.of(file + "." + suffix)))) {
            Files.copy(file, out);
        }
        Files.delete(file);
    }

    @Test
    void thereHasToBeOneKernel() throws IOException {
        Files.createDirectories(directory.resolve("lib/modules/6.2"));
        assertThatThrownBy(() -> KernelModules.in(directory))
                .hasMessageContaining("the modules of 2 kernels");
    }
}
