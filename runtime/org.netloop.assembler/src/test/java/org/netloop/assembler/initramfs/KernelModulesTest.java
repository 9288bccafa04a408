package org.netloop.assembler.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.AssemblyException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
        return KernelModules.in(directory).closure(List.of(names)).stream()
                .map(file -> file.getFileName().toString())
                .toList();
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
    void thereHasToBeOneKernel() throws IOException {
        Files.createDirectories(directory.resolve("lib/modules/6.2"));
        assertThatThrownBy(() -> KernelModules.in(directory))
                .hasMessageContaining("the modules of 2 kernels");
    }
}
