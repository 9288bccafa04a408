package org.netloop.assembler.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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
}
