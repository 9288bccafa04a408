package org.netloop.control.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.file.PrivateDirectory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;

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
    }

    @Test
    void whatIsNoSocketIsNeverRemoved() throws IOException {
        PrivateDirectory.create(directory.resolve("state"));
        Files.writeString(file(), "mine");
        assertThatThrownBy(this::open).hasMessageContaining("is not a socket");
        assertThat(file()).hasContent("mine");
    }

    @Test
    void whatADeadDeploymentLeftIsReplacedAndAnothersIsNotRemoved() throws IOException {
        PrivateDirectory.create(directory.resolve("state"));
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(file()));
        }
        ControlSocket ours = open();
        Files.delete(file());
        Files.writeString(file(), "another's");
        ours.close();
        assertThat(file()).hasContent("another's");
    }

    @Test
    void aDirectoryThatOthersMayWriteToIsRefused() throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::open).hasMessageContaining("everybody may write");
    }

    @Test
    void silentClientsDelayNobodyAndMakeRoom() throws IOException {
        List<SocketChannel> silent = new ArrayList<>();
        try (ControlSocket _ = new ControlSocket(file(), this::echo, 4, Duration.ofHours(1))) {
            for (int i = 0; i < 20; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(file())));
            }
            assertThat(ControlSocket.ask(file(), Map.of("do", "this"))).containsKey("message");
            // The first of them was dropped: nothing comes, and there is an end.
            assertThat(silent.getFirst().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void aSilentClientIsDroppedAtItsDeadline() throws IOException {
        try (ControlSocket _ = new ControlSocket(file(), this::echo, 4, Duration.ofMillis(20));
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(file()))) {
            assertThat(silent.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void secretsAndControlCharactersDoNotLeave() throws IOException {
        try (ControlSocket _ =
                new ControlSocket(
                        file(),
                        _ ->
                                Map.of(
                                        "rows",
                                        List.of(
                                                Map.of(
                                                        "at",
                                                        "http://me:hidden@host/\u001b[31m"))))) {
            assertThat(ControlSocket.ask(file(), Map.of("do", "this")).toString())
                    .doesNotContain("hidden")
                    .doesNotContain("\u001b");
        }
    }

    private Map<String, ?> echo(Map<String, Object> request) {
        return Map.of("message", String.valueOf(request.get("do")));
    }

    /** Many times, because a client that saw the end of its answer was once counted still. */
    @Test
    void oneAfterTheOtherHasTheOnlyPlace() throws IOException {
        try (ControlSocket _ = new ControlSocket(file(), this::echo, 1, Duration.ofHours(1))) {
            for (int i = 0; i < 2000; i++) {
                assertThat(ControlSocket.ask(file(), Map.of("do", "this"))).containsKey("message");
            }
        }
    }

    @Test
    void anAnswerThatIsBeingMadeWhenTheSocketIsClosedIsAwaited() throws Exception {
        CompletableFuture<ControlSocket> socket = new CompletableFuture<>();
        FutureTask<Void> closing =
                new FutureTask<>(
                        () -> {
                            socket.join().close();
                            return null;
                        });
        Thread closer = Thread.ofPlatform().unstarted(closing);
        socket.complete(
                new ControlSocket(
                        file(),
                        _ -> {
                            closer.start();
                            while (closer.getState() != Thread.State.TIMED_WAITING
                                    && closer.isAlive()) {
                                Thread.onSpinWait();
                            }
                            return Map.of("awaited", closer.isAlive());
                        }));
        assertThat(ControlSocket.ask(file(), Map.of("do", "this"))).containsEntry("awaited", true);
        closing.get();
    }

    @Test
    void whateverIsSentIsAnsweredOrDropped() throws IOException {
        try (ControlSocket _ = open()) {
            Random random = new Random(11);
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                assertThat(send(bytes))
                        .contains("\"ok\":false")
                        .doesNotContain("Jackson", "CTRL-CHAR", "org.", "com.", "Exception");
            }
            assertThat(send("[1]\n".getBytes(StandardCharsets.UTF_8))).contains("\"ok\":false");
            assertThat(ControlSocket.ask(file(), Map.of("do", "this"))).containsKey("message");
        }
    }

    @Test
    void anAnswerOfAnotherProgramIsRefusedWithItsSocket() throws Exception {
        Files.createDirectories(file().getParent());
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(file()));
            Thread answering =
                    Thread.startVirtualThread(
                            () -> {
                                try (SocketChannel client = other.accept()) {
                                    client.read(ByteBuffer.allocate(4096));
                                    client.write(ByteBuffer.wrap(new byte[] {0, 'x'}));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            assertThatThrownBy(() -> ControlSocket.ask(file(), Map.of("do", "this")))
                    .hasMessageStartingWith("the answer of the deployment at " + file())
                    .hasMessageContaining("JSON error in line 1")
                    .hasMessageContaining("control character U+0000");
            answering.join();
        }
    }
}
