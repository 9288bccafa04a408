package org.netloop.control.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;

@Timeout(60)
class ControlSocketTest {
    @TempDir private Path directory;

    private Path file() {
        return directory.resolve("state/control.sock");
    }

    private ControlSocket open() throws IOException {
        return new ControlSocket(
                file(),
                request -> {
                    if ("fail".equals(request.get("do"))) {
                        throw new IOException("as asked");
                    }
                    if ("break".equals(request.get("do"))) {
                        throw new IllegalStateException("broken");
                    }
                    return Map.of("message", String.valueOf(request.get("do")));
                });
    }

    private String send(byte[] bytes) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file()))) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.shutdownOutput();
            return new String(
                    Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anAnswerComesBackAndNobodyElseMayAsk() throws IOException {
        try (ControlSocket _ = open()) {
            assertThat(ControlSocket.ask(file(), Map.of("do", "this")))
                    .containsEntry("message", "this");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                    .isEqualTo("rw-------");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(directory.resolve("state"))))
                    .isEqualTo("rwx------");
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void aFailureIsToldAndTheNextIsAnswered() throws IOException {
        try (ControlSocket _ = open()) {
            assertThatThrownBy(() -> ControlSocket.ask(file(), Map.of("do", "fail")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("as asked");
            assertThatThrownBy(() -> ControlSocket.ask(file(), Map.of("do", "break")))
                    .hasMessageContaining("broken");
            assertThat(ControlSocket.ask(file(), Map.of("do", "this"))).containsKey("message");
        }
    }

    @Test
    void twoDeploymentsDoNotShareASocketAndADeadOneLeavesItsOwn() throws IOException {
        try (ControlSocket _ = open()) {
            assertThatThrownBy(this::open)
                    .hasMessageContaining("a deployment answers at")
                    .hasMessageContaining("--state");
        }
        Files.createFile(file());
        open().close();
    }

    @Test
    void whateverIsSentIsAnsweredOrDropped() throws IOException {
        try (ControlSocket _ = open()) {
            Random random = new Random(11);
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                assertThat(send(bytes)).contains("\"ok\":false");
            }
            assertThat(send("[1]\n".getBytes(StandardCharsets.UTF_8))).contains("\"ok\":false");
            assertThat(ControlSocket.ask(file(), Map.of("do", "this"))).containsKey("message");
        }
    }
}
