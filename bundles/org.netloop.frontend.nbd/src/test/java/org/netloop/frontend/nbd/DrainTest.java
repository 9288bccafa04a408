package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Clients that attach or connect while an attachment is being removed never get half of one. */
@Timeout(180)
class DrainTest {
    private static final int SIZE = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(120);

    @TempDir Path directory;

    private final NbdFrontend frontend = new NbdFrontend(16 << 20, 8);
    private final MemoryVolume volume = MemoryVolume.generated("root", SIZE, 4096, _ -> false);

    @AfterEach
    void detach() {
        frontend.stop();
    }

    private Path socket() {
        return directory.resolve("nbd.sock");
    }

    private Attachment attach(Map<String, String> options) throws IOException {
        return frontend.attach(volume, new AttachmentSpec("unix:" + socket(), options));
    }

    @Test
    void anAttachmentMadeWhileTheLastOneOfItsPlaceGoesIsServedAndOwned() throws Exception {
        Attachment old = attach(Map.of());
        try (TestClient reader = new TestClient(socket());
                MemoryVolume.Trap trap = volume.hold(0, 4096, LONG)) {
            reader.go("root");
            reader.request(0, Nbd.CMD_READ, 1, 0, 4096);
            assertThat(trap.awaitRead(LONG)).isTrue();
            Thread closing = Thread.ofVirtual().start(() -> close(old));
            awaitGone();
            Attachment fresh = attach(Map.of());
            trap.close();
            assertThat(reader.simpleReply(4096).data().array()).isEqualTo(volume.expected(0, 4096));
            closing.join();
            assertThat(old.detached().toCompletableFuture().isDone()).isTrue();
            assertThat(frontend.attachments()).containsExactly(fresh);
            try (TestClient client = new TestClient(socket())) {
                client.go("root");
                assertThat(client.read(0, 10)).isEqualTo(volume.expected(0, 10));
            }
            fresh.close();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aClientThatConnectsWhileItsPlaceIsClosedIsDisconnected() throws Exception {
        for (int round = 0; round < 60; round++) {
            Attachment attachment = attach(Map.of());
            List<SocketChannel> clients = new ArrayList<>();
            CountDownLatch connected = new CountDownLatch(1);
            Thread connecting = Thread.ofPlatform().start(() -> connect(clients, connected));
            connected.await();
            attachment.close();
            connecting.join();
            for (SocketChannel client : clients) {
                awaitEnd(client);
            }
        }
    }

    /** Again and again, until nobody listens. */
    private void connect(List<SocketChannel> clients, CountDownLatch connected) {
        try {
            while (clients.size() < 1000) {
                clients.add(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
                connected.countDown();
            }
        } catch (IOException _) {
            // It is closed.
            connected.countDown();
        }
    }

    private static void awaitEnd(SocketChannel client) throws InterruptedException {
        try (client) {
            ByteBuffer greeting = ByteBuffer.allocate(64);
            while (client.read(greeting.clear()) >= 0) {
                // It may have been greeted.
            }
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException("a client waits for a server that has closed");
        } catch (IOException _) {
            // Reset: that is an end, too.
        }
    }

    private static void close(Attachment attachment) {
        try {
            attachment.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Waits until no client finds an export any more: clients that ask are told that the server is
     * shutting down.
     */
    private void awaitGone() throws IOException {
        try (TestClient client = new TestClient(socket())) {
            TestClient.OptionReply reply;
            do {
                client.option(Nbd.OPT_SET_META_CONTEXT, new byte[0]);
                client.optionReply();
                client.option(Nbd.OPT_LIST, new byte[0]);
                reply = client.optionReply();
                if (reply.type() == Nbd.REP_SERVER) {
                    client.optionReply();
                }
            } while (reply.type() == Nbd.REP_SERVER);
            client.option(Nbd.OPT_GO, TestClient.nameAndInfos("root"));
            assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ERR_SHUTDOWN);
        }
    }

    @Test
    void whatStopsTakesNoMoreAttachments() throws IOException {
        attach(Map.of());
        frontend.stop();
        assertThat(frontend.attachments()).isEmpty();
        assertThatThrownBy(() -> attach(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is being stopped");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anAttachmentThatFailsLeavesNothingBehind() throws IOException {
        Attachment first = attach(Map.of());
        assertThatThrownBy(() -> attach(Map.of())).hasMessageContaining("already");
        assertThatThrownBy(() -> attach(Map.of("export", "other", "mode", "0660")))
                .hasMessageContaining("other permissions");
        first.close();
        assertThat(frontend.attachments()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theSamePlaceInOtherWordsIsShared() throws IOException {
        attach(Map.of());
        Path twisted = directory.resolve("x/../nbd.sock");
        frontend.attach(
                volume, new AttachmentSpec("unix:" + twisted, Map.of("export", "second"), 1));
        try (TestClient client = new TestClient(socket())) {
            assertThat(client.go("second")).isEqualTo(SIZE);
        }
    }

    /** A client that goes with requests under way keeps neither its seat nor its threads. */
    @Test
    void requestsOfAClientThatIsGoneAreGivenUp() throws Exception {
        attach(Map.of());
        try (MemoryVolume.Trap trap = volume.hold(0, 4096, LONG)) {
            for (int i = 0; i < 8; i++) {
                try (TestClient client = new TestClient(socket())) {
                    client.go("root");
                    client.request(0, Nbd.CMD_READ, 1, 0, 4096);
                    assertThat(trap.awaitRead(LONG)).isTrue();
                }
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            boolean seated = false;
            while (!seated && System.nanoTime() < end) {
                try (TestClient client = new TestClient(socket())) {
                    client.go("root");
                    seated = true;
                } catch (IOException _) {
                    Thread.onSpinWait();
                }
            }
            assertThat(seated).isTrue();
        }
    }
}
