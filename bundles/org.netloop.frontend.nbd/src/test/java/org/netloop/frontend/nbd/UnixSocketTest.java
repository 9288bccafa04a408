package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/** A socket's file is made and removed without harm to what others have there. */
class UnixSocketTest {
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rw-------");

    @TempDir Path directory;

    private Path path() {
        return directory.resolve("socket");
    }

    private static boolean answers(Path path) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void itIsItsOwnersAndGoneAtTheEndAndSoIsItsOtherName() throws IOException {
        UnixSocket socket = UnixSocket.listen(path(), OWNER, 1);
        assertThat(answers(path())).isTrue();
        assertThat(Files.getPosixFilePermissions(path())).isEqualTo(OWNER);
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(path());
        }
        socket.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsNotASocketIsLeftAsItIs() throws IOException {
        Files.writeString(path(), "ten years of work");
        assertThatThrownBy(() -> UnixSocket.listen(path(), OWNER, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a socket");
        assertThat(path()).hasContent("ten years of work");

        Path link = directory.resolve("link");
        Files.createSymbolicLink(link, path());
        assertThatThrownBy(() -> UnixSocket.listen(link, OWNER, 1))
                .hasMessageContaining("is not a socket");
        assertThat(Files.isSymbolicLink(link)).isTrue();

        assertThatThrownBy(() -> UnixSocket.listen(directory, OWNER, 1))
                .hasMessageContaining("is not a socket");
    }

    @Test
    void aSocketWhereNobodyAcceptsIsReplacedAndALiveOneIsNot() throws IOException {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path()));
            assertThatThrownBy(() -> UnixSocket.listen(path(), OWNER, 1))
                    .hasMessageContaining("belongs to a server that runs");
        }
        assertThat(Files.exists(path(), LinkOption.NOFOLLOW_LINKS)).isTrue();
        UnixSocket socket = UnixSocket.listen(path(), OWNER, 1);
        assertThat(answers(path())).isTrue();
        socket.close();
    }

    @Test
    void theSocketOfASuccessorIsNotRemoved() throws IOException {
        UnixSocket first = UnixSocket.listen(path(), OWNER, 1);
        Files.move(path(), directory.resolve("moved"));
        UnixSocket second = UnixSocket.listen(path(), OWNER, 1);
        first.close();
        assertThat(answers(path())).isTrue();
        second.close();
        assertThat(path()).doesNotExist();
    }

    @Test
    void aFileThatTookItsPlaceIsNotRemoved() throws IOException {
        UnixSocket socket = UnixSocket.listen(path(), OWNER, 1);
        Files.delete(path());
        Files.writeString(path(), "mine");
        socket.close();
        assertThat(path()).hasContent("mine");
    }
}
