package org.netloop.assembler.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.AssemblyException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

class ProgramsTest {
    @TempDir Path directory;
    private Programs programs;

    @BeforeEach
    void create() {
        programs = new Programs(directory, Instant.ofEpochSecond(1_700_000_000));
    }

    @Test
    void aProgramIsToldTheTime() throws Exception {
        Path out = directory.resolve("out");
        programs.run("dash", List.of("sh", "-c", "echo $SOURCE_DATE_EPOCH $TZ >" + out));
        assertThat(out).hasContent("1700000000 UTC");
    }

    @Test
    void oneThatIsNotThereIsNamedWithItsPackage() {
        assertThatThrownBy(() -> programs.run("xorriso", List.of("netloop-no-such-program")))
                .isInstanceOf(AssemblyException.class)
                .hasMessageContaining("netloop-no-such-program does not run")
                .hasMessageContaining("apt-get install xorriso");
    }

    @Test
    void whatItSaysIsToldWhenItFails() {
        assertThatThrownBy(() -> programs.run("dash", List.of("sh", "-c", "echo no space; exit 3")))
                .hasMessage("sh fails: no space");
        assertThat(Files.exists(directory.resolve("program.log"))).isTrue();
    }
}
