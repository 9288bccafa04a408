package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.tck.MemoryVolume;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tests the part of the NBD project's doc/proto.md on TLS, clause by clause. */
@Timeout(60)
class TlsTest extends TlsFixture {
    @Test
    void whereTlsIsRequiredNothingElseIsAnsweredBefore() throws IOException {
        attach("root", options());
        try (TestClient client = plain()) {
            for (int option :
                    new int[] {
                        Nbd.OPT_LIST,
                        Nbd.OPT_INFO,
                        Nbd.OPT_GO,
                        Nbd.OPT_STRUCTURED_REPLY,
                        Nbd.OPT_LIST_META_CONTEXT,
                        Nbd.OPT_SET_META_CONTEXT,
                        99
                    }) {
                assertThat(reply(client, option, TestClient.nameAndInfos("root")))
                        .isEqualTo(Nbd.REP_ERR_TLS_REQD);
            }
            assertThat(reply(client, Nbd.OPT_ABORT, new byte[0])).isEqualTo(Nbd.REP_ACK);
        }
        try (TestClient client = plain()) {
            client.option(Nbd.OPT_EXPORT_NAME, "root".getBytes(UTF_8));
            assertThatThrownBy(client::optionReply).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void insideTlsAllIsAsOutside() throws Exception {
        MemoryVolume volume = attach("root", options());
        for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
            try (TestClient client = secured(certificates.client("ca"), protocol)) {
                assertThat(listed(client)).containsExactly("root");
                assertThat(client.go("root")).isEqualTo(SIZE);
                assertThat(client.read(1, 1)).isEqualTo(volume.expected(1, 1));
                assertThat(client.read(3, SIZE - 5)).isEqualTo(volume.expected(3, SIZE - 5));
                assertThat(inside().getSession().getProtocol()).isEqualTo(protocol);
                client.request(0, Nbd.CMD_DISC, 9, 0, 0);
                assertThatThrownBy(() -> client.simpleReply(0)).isInstanceOf(EOFException.class);
            }
        }
    }

    @Test
    void tlsIsBegunOnceWithoutDataAndNotWhereThereIsNone() throws Exception {
        attach("root", options());
        try (TestClient client = plain()) {
            assertThat(reply(client, Nbd.OPT_STARTTLS, new byte[1])).isEqualTo(Nbd.REP_ERR_INVALID);
        }
        try (TestClient client = secured(certificates.client("ca"))) {
            assertThat(reply(client, Nbd.OPT_STARTTLS, new byte[0])).isEqualTo(Nbd.REP_ERR_INVALID);
            assertThat(client.go("root")).isEqualTo(SIZE);
        }
        frontend.attachments().getFirst().close();
        attach("open", Map.of());
        try (TestClient client = plain()) {
            assertThat(reply(client, Nbd.OPT_STARTTLS, new byte[0])).isEqualTo(Nbd.REP_ERR_POLICY);
            assertThat(client.go("open")).isEqualTo(SIZE);
        }
    }

    @Test
    void nothingThatWasSaidBeforeTlsCounts() throws Exception {
        attach("root", options("tls", "offered"));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        try (TestClient client = new TestClient(socket)) {
            assertThat(reply(client, Nbd.OPT_STRUCTURED_REPLY, new byte[0])).isEqualTo(Nbd.REP_ACK);
            assertThat(reply(client, Nbd.OPT_STARTTLS, new byte[0])).isEqualTo(Nbd.REP_ACK);
            client.goOn(
                    certificates
                            .client("ca")
                            .getSocketFactory()
                            .createSocket(socket, "localhost", port, true));
            byte[] query = ByteBuffer.allocate(12).putInt(4).put("root".getBytes(UTF_8)).array();
            assertThat(reply(client, Nbd.OPT_LIST_META_CONTEXT, query))
                    .isEqualTo(Nbd.REP_ERR_INVALID);
            assertThat(client.go("root")).isEqualTo(SIZE);
            assertThat(client.read(0, 10)).hasSize(10);
        }
    }

    /** A man in the middle may put it there: it must not be heard as if it came inside. */
    @Test
    void plainTextBehindTheStartOfTlsEndsTheConnection() throws Exception {
        attach("root", options());
        try (TestClient client = plain()) {
            client.write(
                    ByteBuffer.allocate(32)
                            .putLong(Nbd.OPTION_MAGIC)
                            .putInt(Nbd.OPT_STARTTLS)
                            .putInt(0)
                            .putLong(Nbd.OPTION_MAGIC)
                            .putInt(Nbd.OPT_LIST)
                            .putInt(0)
                            .array());
            assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ACK);
            assertThatThrownBy(client::optionReply).isInstanceOf(IOException.class);
        }
    }

    /** More of them than the memory for TLS has room for. */
    @Test
    void slowHandshakesBlockNobody() throws Exception {
        attach("root", options());
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                TestClient client = new TestClient(socket);
                assertThat(reply(client, Nbd.OPT_STARTTLS, new byte[0])).isEqualTo(Nbd.REP_ACK);
                client.write(new byte[] {22});
            }
            try (TestClient client = secured(certificates.client("ca"))) {
                assertThat(client.go("root")).isEqualTo(SIZE);
                assertThat(client.read(0, BLOCK)).hasSize(BLOCK);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void keysMayChangeButNotTheClient() throws Exception {
        MemoryVolume volume = attach("root", options());
        try (TestClient client = secured(certificates.client("ca"), "TLSv1.3")) {
            client.go("root");
            for (int i = 0; i < 10; i++) {
                inside().startHandshake();
                assertThat(client.read(i, BLOCK)).isEqualTo(volume.expected(i, BLOCK));
            }
        }
        try (TestClient client = secured(certificates.client("ca"), "TLSv1.2")) {
            client.go("root");
            assertThatThrownBy(
                            () -> {
                                inside().startHandshake();
                                client.read(0, BLOCK);
                            })
                    .isInstanceOf(IOException.class);
        }
    }
}
