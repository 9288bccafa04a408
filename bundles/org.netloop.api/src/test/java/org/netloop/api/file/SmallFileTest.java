package org.netloop.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

class SmallFileTest {
    @TempDir Path directory;

    @Test
    void aFileIsReadUpToItsLimit() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "sécret");
        assertThat(SmallFile.text(file, 7)).isEqualTo("sécret");
        assertThatThrownBy(() -> SmallFile.text(file, 6))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(file + ": it is longer than the 6 bytes that are read of such a file");
    }

    @Test
    void aDeviceWithoutEndTakesNoMemory() {
        assertThatThrownBy(() -> SmallFile.read(Path.of("/dev/zero"), 1000))
                .hasMessageContaining("/dev/zero: it is longer than");
    }

    @Test
    void aDirectoryIsNamed() {
        assertThatThrownBy(() -> SmallFile.text(directory, 10))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void whatIsNotTextIsNotMadeUp() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[] {(byte) 0xFF});
        assertThatThrownBy(() -> SmallFile.text(file, 10))
                .isInstanceOf(CharacterCodingException.class);
    }
}
