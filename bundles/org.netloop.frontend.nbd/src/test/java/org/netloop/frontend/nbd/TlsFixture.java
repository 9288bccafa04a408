package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A place with TLS, its certificates, and clients. */
abstract class TlsFixture {
    static final int BLOCK = 4096;
    static final int SIZE = 3 << 20;
    static final String HERE = "IP:127.0.0.1,DNS:localhost";

    @TempDir static Path made;
    static Certificates certificates;

    final NbdFrontend frontend = new NbdFrontend(16 << 20, 8);
    int port;

    @BeforeAll
    static void makeCertificates() throws Exception {
        certificates =
                new Certificates(made)
                        .authority("ca")
                        .authority("other")
                        .authority("impostor", "ca")
                        .signed("server", "ca", HERE, 2)
                        .signed("next", "ca", HERE, 2)
                        .signed("alice", "ca", "DNS:Alice.example", 2)
                        .signed("bob", "ca", "URI:urn:bob,email:bob@example.org", 2)
                        .signed("stranger", "impostor", HERE, 2)
                        .signed("late", "ca", HERE, -1);
    }

    @AfterEach
    void detach() {
        frontend.stop();
    }

    static Map<String, String> options(String... more) {
        Map<String, String> options = new TreeMap<>();
        options.put("tls.certificate", certificates.file("server.pem").toString());
        options.put("tls.key", certificates.file("server.key").toString());
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    static Map<String, String> mutual(String... more) {
        Map<String, String> options = options(more);
        options.put("tls.client.authorities", certificates.file("ca.pem").toString());
        return options;
    }

    MemoryVolume attach(String name, Map<String, String> options) throws IOException {
        MemoryVolume volume = MemoryVolume.generated(name, SIZE, BLOCK, block -> block % 4 == 1);
        Attachment attachment =
                frontend.attach(
                        volume,
                        new AttachmentSpec(
                                "tcp://127.0.0.1:0", options, frontend.attachments().size()));
        port = URI.create(attachment.address()).getPort();
        return volume;
    }

    TestClient plain() throws IOException {
        return new TestClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private @Nullable SSLSocket inside;

    /** The socket inside TLS of the client that came last. */
    SSLSocket inside() {
        return Objects.requireNonNull(inside);
    }

    TestClient secured(SSLContext context, String... protocols) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        TestClient client = new TestClient(socket);
        client.option(Nbd.OPT_STARTTLS, new byte[0]);
        assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ACK);
        SSLSocket fresh =
                (SSLSocket)
                        context.getSocketFactory().createSocket(socket, "localhost", port, true);
        if (protocols.length > 0) {
            fresh.setEnabledProtocols(protocols);
        }
        fresh.startHandshake();
        client.goOn(fresh);
        inside = fresh;
        return client;
    }

    static int reply(TestClient client, int option, byte[] data) throws IOException {
        client.option(option, data);
        return client.optionReply().type();
    }

    static List<String> listed(TestClient client) throws IOException {
        List<String> names = new ArrayList<>();
        client.option(Nbd.OPT_LIST, new byte[0]);
        for (var reply = client.optionReply();
                reply.type() == Nbd.REP_SERVER;
                reply = client.optionReply()) {
            names.add(UTF_8.decode(reply.data().position(Integer.BYTES)).toString());
        }
        return names;
    }
}
