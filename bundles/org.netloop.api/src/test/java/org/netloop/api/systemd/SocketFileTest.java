package org.netloop.api.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Tests that only the file that was looked at is removed. */
class SocketFileTest {
    @TempDir private Path directory;
    private Path path;

    @BeforeEach
    void create() throws Exception {
        path = Files.createFile(directory.resolve("socket"));
    }

    @Test
    void theFileThatWasLookedAtIsRemoved() throws Exception {
        assertThat(SocketFile.at(path).remove()).isTrue();
        assertThat(path).doesNotExist();
    }

    @Test
    void anotherThatTookItsPlaceIsLeft() throws Exception {
        SocketFile file = SocketFile.at(path);
        Files.move(
                Files.createFile(directory.resolve("other")),
                path,
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(file.remove()).isFalse();
        assertThat(path).exists();
    }

    @Test
    void aSymbolicLinkIsAnotherThanTheFileItLeadsTo() throws Exception {
        SocketFile file = SocketFile.at(path);
        Files.move(path, directory.resolve("moved"));
        Files.createSymbolicLink(path, directory.resolve("moved"));
        assertThat(file.remove()).isFalse();
        assertThat(path).exists();
    }

    @Test
    void oneThatIsGoneNeedsNoRemoval() throws Exception {
        SocketFile file = SocketFile.at(path);
        Files.delete(path);
        assertThat(file.remove()).isTrue();
        assertThatThrownBy(() -> SocketFile.at(path)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void itIsTheSameUnderANameThatIsLinkedToIt() throws Exception {
        Path link = Files.createLink(directory.resolve("link"), path);
        assertThat(SocketFile.at(path).named(link).remove()).isTrue();
        assertThat(link).doesNotExist();
        assertThat(path).exists();
    }

    @Test
    void itIsServedForAsLongAsAProcessAcceptsConnections() throws Exception {
        Path socket = directory.resolve("served");
        assertThat(SocketFile.isServed(socket)).isFalse();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            assertThat(SocketFile.isServed(socket)).isTrue();
        }
        assertThat(socket).exists();
        assertThat(SocketFile.isServed(socket)).isFalse();
    }
}
