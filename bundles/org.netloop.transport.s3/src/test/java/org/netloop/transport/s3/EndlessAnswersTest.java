package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Repository;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Errors and listings that never end take a bounded amount of memory. */
@Timeout(60)
class EndlessAnswersTest {
    /** Most bytes accepted of an answer, including what may be in flight by then. */
    private static final long MOST = 32 << 20;

    @ParameterizedTest
    @CsvSource({
        "403 Forbidden, <Error><Code>, a",
        "500 Oops, <Error><Code>SlowDown</Code><Message>, a",
        "404 Not Found, '', no XML",
        "200 OK, <ListBucketResult><Name>, a",
        "200 OK, <ListBucketResult>, <Contents><Key>a</Key></Contents>",
    })
    void anAnswerWithoutAnEndIsGivenUp(String status, String start, String again)
            throws IOException {
        AtomicLong sent = new AtomicLong();
        try (ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> serve(socket, status, start, again, sent));
            S3Transport transport =
                    Keys.transport(
                            Map.of(
                                    "profile",
                                    Keys.RIGHT,
                                    "endpoint",
                                    "http://127.0.0.1:" + socket.getLocalPort(),
                                    "publishing_attempts",
                                    1));
            Repository repository = transport.open(URI.create("s3://images/"));
            assertThatThrownBy(() -> repository.list("")).isInstanceOf(FetchException.class);
            if (!status.startsWith("200")) {
                assertThatThrownBy(
                                () ->
                                        transport.fetch(
                                                FetchRequest.whole(
                                                        URI.create("s3://images/block"),
                                                        Duration.ofSeconds(20),
                                                        FetchPurpose.DEMAND),
                                                ByteBuffer.allocate(100)))
                        .isInstanceOf(FetchException.class);
            }
            transport.stop();
        }
        assertThat(sent.get()).isLessThan(2 * MOST);
    }

    private static void serve(
            ServerSocket server, String status, String start, String again, AtomicLong sent) {
        try {
            while (true) {
                Socket connection = server.accept();
                Thread.startVirtualThread(
                        () -> answerForEver(connection, status, start, again, sent));
            }
        } catch (IOException _) {
            // Closed: that is how it ends.
        }
    }

    private static void answerForEver(
            Socket connection, String status, String start, String again, AtomicLong sent) {
        byte[] piece = again.repeat(4096).getBytes(US_ASCII);
        try (connection;
                OutputStream out = connection.getOutputStream()) {
            String head = "HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\n" + start;
            out.write(head.getBytes(US_ASCII));
            while (true) {
                out.write(piece);
                sent.addAndGet(piece.length);
            }
        } catch (IOException _) {
            // The client has had enough.
        }
    }
}
