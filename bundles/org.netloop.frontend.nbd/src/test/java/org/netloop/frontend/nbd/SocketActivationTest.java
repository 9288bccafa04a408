package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.tck.Machine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tests sockets that listen already when the process starts, as of a service manager. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketActivationTest {
    /** Listens, says at which port, and becomes the program. */
    private static final String MANAGER =
            """
            import os, socket, sys
            tcp = socket.create_server(("127.0.0.1", 0))
            unix = socket.socket(socket.AF_UNIX)
            unix.bind(sys.argv[1])
            unix.listen(16)
            port = str(tcp.getsockname()[1])
            print(port, flush=True)
            a, b = os.dup(tcp.fileno()), os.dup(unix.fileno())
            os.dup2(a, 3)
            os.dup2(b, 4)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="2", LISTEN_FDNAMES="a:b")
            os.execv(sys.argv[2], [*sys.argv[2:], "tcp://127.0.0.1:" + port])
            """;

    /** Enough for one that is turned out between two servers, if any is. */
    private static final int ROUNDS = 100;

    @TempDir Path directory;

    private Process process;
    private BufferedReader told;
    private Writer input;
    private List<SocketAddress> addresses;

    private Path socket() {
        return directory.resolve("nbd.sock");
    }

    @BeforeEach
    void aManagerListens() throws IOException {
        Machine.needsProgram("python3");
        process =
                new ProcessBuilder(
                                "python3",
                                "-c",
                                MANAGER,
                                socket().toString(),
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ActivatedProcess.class.getName(),
                                "unix:" + socket())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        told = process.inputReader();
        input = process.outputWriter();
        int port = Integer.parseInt(told.readLine());
        addresses =
                List.of(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        UnixDomainSocketAddress.of(socket()));
    }

    @AfterEach
    void itEnds() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void clientsThatComeWhileNobodyServesWait() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            try (SocketChannel tcp = SocketChannel.open(addresses.getFirst());
                    SocketChannel unix = SocketChannel.open(addresses.getLast())) {
                go("attached");
                assertThat(greeting(tcp)).isEqualTo("NBDMAGIC");
                assertThat(greeting(unix)).isEqualTo("NBDMAGIC");
            }
            go("detached");
            assertThat(Files.exists(socket())).as("it is the manager's").isTrue();
        }
    }

    private void go(String expected) throws IOException {
        input.write('\n');
        input.flush();
        assertThat(told.readLine()).isEqualTo(expected);
    }

    private static String greeting(SocketChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8);
        while (bytes.hasRemaining()) {
            assertThat(channel.read(bytes)).isPositive();
        }
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }
}
