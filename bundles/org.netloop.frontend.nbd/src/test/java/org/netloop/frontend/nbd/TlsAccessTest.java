package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Tests who may see and open what, by which certificate. */
@Timeout(60)
class TlsAccessTest extends TlsFixture {
    @Test
    void aClientSeesAndOpensOnlyTheExportsItMay() throws Exception {
        attach("for-alice", mutual("tls.clients", "dns:alice.EXAMPLE"));
        attach("for-bob", mutual("tls.clients", "cn:nobody, email:bob@example.org"));
        attach("for-both", mutual("tls.clients", "cn:alice,uri:urn:bob"));
        attach("for-all", mutual());
        try (TestClient alice = secured(certificates.client("ca", "alice"))) {
            assertThat(listed(alice)).containsExactly("for-alice", "for-both", "for-all");
            alice.option(Nbd.OPT_GO, TestClient.nameAndInfos("for-bob"));
            TestClient.OptionReply hidden = alice.optionReply();
            alice.option(Nbd.OPT_GO, TestClient.nameAndInfos("for-boc"));
            TestClient.OptionReply absent = alice.optionReply();
            assertThat(hidden.type()).isEqualTo(Nbd.REP_ERR_UNKNOWN).isEqualTo(absent.type());
            assertThat(UTF_8.decode(hidden.data()).toString())
                    .isEqualTo(UTF_8.decode(absent.data()).toString().replace("boc", "bob"));
            assertThat(alice.go("")).isEqualTo(SIZE);
        }
        try (TestClient bob = secured(certificates.client("ca", "bob"))) {
            assertThat(listed(bob)).containsExactly("for-bob", "for-both", "for-all");
            assertThat(reply(bob, Nbd.OPT_GO, TestClient.nameAndInfos("")))
                    .isEqualTo(Nbd.REP_ERR_UNKNOWN);
            bob.option(Nbd.OPT_EXPORT_NAME, "for-alice".getBytes(UTF_8));
            assertThatThrownBy(bob::optionReply).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whereTlsIsOfferedExportsOfSomeClientsAreHiddenWithoutIt() throws Exception {
        attach("free", mutual("tls", "offered", "tls.client.certificate", "optional"));
        attach(
                "secret",
                mutual(
                        "tls",
                        "offered",
                        "tls.client.certificate",
                        "optional",
                        "tls.clients",
                        "cn:alice"));
        for (String name : new String[] {"secret", "absent"}) {
            try (TestClient client = plain()) {
                assertThat(listed(client)).containsExactly("free");
                assertThat(reply(client, Nbd.OPT_INFO, TestClient.nameAndInfos(name)))
                        .isEqualTo(Nbd.REP_ERR_TLS_REQD);
                assertThat(reply(client, Nbd.OPT_GO, TestClient.nameAndInfos(name)))
                        .isEqualTo(Nbd.REP_ERR_TLS_REQD);
                assertThat(client.go("free")).isEqualTo(SIZE);
            }
            try (TestClient client = plain()) {
                client.option(Nbd.OPT_EXPORT_NAME, name.getBytes(UTF_8));
                assertThatThrownBy(client::optionReply).isInstanceOf(EOFException.class);
            }
            try (TestClient nameless = secured(certificates.client("ca"))) {
                assertThat(reply(nameless, Nbd.OPT_GO, TestClient.nameAndInfos(name)))
                        .isEqualTo(Nbd.REP_ERR_UNKNOWN);
            }
        }
        try (TestClient alice = secured(certificates.client("ca", "alice"))) {
            assertThat(alice.go("secret")).isEqualTo(SIZE);
        }
    }

    /** The server's side of a handshake, and what it says of the client that it ends with. */
    private String refusal(SSLContext client) throws Exception {
        Tls tls = Tls.of(TlsSettings.of(mutual()), Clock.systemUTC());
        Memory memory = new Memory(16 << 20, 8);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread other =
                    Thread.ofVirtual()
                            .start(() -> shakeHands(client, server.socket().getLocalPort()));
            try (SocketChannel channel = server.accept()) {
                Buffers.Buffer room = Objects.requireNonNull(memory.takeForTls(Duration.ZERO));
                TlsChannel secured = new TlsChannel(channel, tls.engine(), room);
                secured.handshake();
                return "";
            } catch (ProtocolException e) {
                return String.valueOf(e.getMessage());
            } finally {
                other.join();
            }
        }
    }

    private static void shakeHands(SSLContext context, int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                SSLSocket inside =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(socket, "localhost", port, true)) {
            inside.startHandshake();
            inside.getInputStream().read();
        } catch (IOException _) {
            // The server's reason is what counts.
        }
    }

    @Test
    void whoeverIsRefusedIsToldApart() throws Exception {
        assertThat(refusal(certificates.client("ca", "alice"))).isEmpty();
        assertThat(refusal(certificates.client("ca"))).contains("it has no certificate");
        assertThat(refusal(certificates.client("ca", "stranger")))
                .contains("not signed by one of tls.client.authorities");
        assertThat(refusal(certificates.client("ca", "late"))).contains("has expired");
        assertThat(refusal(certificates.client("other", "alice"))).contains("it refuses TLS");
    }

    private static void replace(Path file, String by) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.copy(certificates.file(by), aside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String presented() throws IOException {
        try (TestClient client = secured(certificates.client("ca"))) {
            assertThat(listed(client)).containsExactly("root");
            X509Certificate server =
                    (X509Certificate) inside().getSession().getPeerCertificates()[0];
            return server.getSubjectX500Principal().getName();
        }
    }

    @Test
    void aCertificateThatIsReplacedIsPresentedToTheNextClient(@TempDir Path directory)
            throws Exception {
        Path certificate = directory.resolve("own.pem");
        Path key = directory.resolve("own.key");
        replace(certificate, "server.pem");
        replace(key, "server.key");
        attach(
                "root",
                options("tls.certificate", certificate.toString(), "tls.key", key.toString()));
        assertThat(presented()).contains("CN=server");
        replace(certificate, "next.pem");
        assertThat(presented()).contains("CN=server");
        replace(key, "next.key");
        assertThat(presented()).contains("CN=next");
        Files.writeString(certificate, "");
        assertThat(presented()).contains("CN=next");
    }

    @Test
    void attachmentsOfOnePlaceAgreeOnTls() throws Exception {
        attach("root", options());
        assertThatThrownBy(() -> attach("other", Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other settings of TLS");
        assertThatThrownBy(() -> attach("other", options("tls", "offered")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("other settings of TLS");
        attach("other", options());
    }
}
