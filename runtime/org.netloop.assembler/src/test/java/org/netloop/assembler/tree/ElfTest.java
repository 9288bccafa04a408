package org.netloop.assembler.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

class ElfTest {
    @TempDir Path directory;

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProgramSaysWhatItNeeds() throws Exception {
        Elf java = Elf.read(Path.of(System.getProperty("java.home"), "bin", "java"));
        assertThat(java).isNotNull();
        assertThat(java.interpreter()).startsWith("/lib");
        assertThat(java.needed()).contains("libc.so.6");
    }

    @Test
    void anythingElseIsNone() throws Exception {
        assertThat(Elf.read(Files.writeString(directory.resolve("a"), "x".repeat(100)))).isNull();
        assertThat(Elf.read(Files.writeString(directory.resolve("b"), ""))).isNull();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProgramRunsWithoutWhatNoLoaderReads() throws Exception {
        Path whole = Path.of("/bin/sh");
        Path file = directory.resolve("sh");
        try (InputStream loaded = Elf.loaded(Content.of(whole)).open()) {
            Files.copy(loaded, file);
        }
        assertThat(Files.size(file)).isLessThan(Files.size(whole));
        assertThat(Elf.read(file)).isEqualTo(Elf.read(whole));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        Process process = new ProcessBuilder(file.toString(), "-c", "exit 7").start();
        assertThat(process.waitFor()).isEqualTo(7);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsNoProgramOrDamagedIsToldApart() throws Exception {
        Content text = Content.of("text");
        assertThat(Elf.loaded(text)).isSameAs(text);
        byte[] cut = new byte[64];
        try (InputStream in = Files.newInputStream(Path.of("/bin/sh"))) {
            assertThat(in.readNBytes(cut, 0, cut.length)).isEqualTo(cut.length);
        }
        assertThatThrownBy(() -> Elf.loaded(Content.of(cut)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }
}
