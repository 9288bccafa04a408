package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.tck.FrontendContract;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class NbdFrontendTest extends FrontendContract {
    private static final long SIZE = 1 << 20;

    @TempDir Path directory;

    private final NbdFrontend frontend = new NbdFrontend(16 << 20, 100);

    @Override
    protected Frontend frontend() {
        return frontend;
    }

    private Path socket() {
        return directory.resolve("nbd.sock");
    }

    @Override
    protected String place() {
        return "unix:" + socket();
    }

    @Override
    protected byte[] read(Attachment attachment, long offset, int length) throws IOException {
        try (TestClient client = new TestClient(socket())) {
            client.go(attachment.volume());
            return client.read(offset, length);
        }
    }

    private static MemoryVolume volume(String name) {
        return MemoryVolume.generated(name, SIZE, 4096, block -> block % 2 == 1);
    }

    private MemoryVolume attach() throws IOException {
        MemoryVolume volume = volume("root");
        frontend.attach(volume, new AttachmentSpec(place(), Map.of()));
        return volume;
    }

    private TestClient structured() throws IOException {
        TestClient client = new TestClient(socket());
        client.option(Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
        assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ACK);
        return client;
    }

    @Test
    void theDefaultExportIsTheFirst() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            assertThat(client.go("")).isEqualTo(SIZE);
        }
    }

    @Test
    void anUnknownExportIsRefusedAndAnotherMayBeAskedFor() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            assertThatThrownBy(() -> client.go("nothing"))
                    .hasMessageContaining("no export 'nothing'");
            assertThat(client.go("root")).isEqualTo(SIZE);
        }
    }

    @Test
    void anUnknownOptionIsUnsupportedAndALongOneTooBig() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            client.option(77, new byte[10]);
            assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ERR_UNSUP);
            client.option(77, new byte[100_000]);
            assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ERR_TOO_BIG);
            assertThat(client.go("root")).isEqualTo(SIZE);
        }
    }

    @Test
    void metaContextsNeedStructuredReplies() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            client.option(Nbd.OPT_SET_META_CONTEXT, TestClient.nameAndInfos("root"));
            assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ERR_INVALID);
        }
    }

    @Test
    void readsOutsideAreInvalidAndWritesAreNotAllowed() throws IOException {
        MemoryVolume volume = attach();
        try (TestClient client = new TestClient(socket())) {
            client.go("root");
            long[][] wrong = {{SIZE, 1}, {-1, 1}, {SIZE - 1, 2}, {0, 0}, {Long.MAX_VALUE, 10}};
            for (long[] range : wrong) {
                client.request(0, Nbd.CMD_READ, 1, range[0], (int) range[1]);
                assertThat(client.simpleReply(0).error()).isEqualTo(Nbd.EINVAL);
            }
            client.request(0, Nbd.CMD_READ, 1, 0, -1);
            assertThat(client.simpleReply(0).error()).isEqualTo(Nbd.EINVAL);
            client.request(0, Nbd.CMD_WRITE, 1, 0, 50_000);
            client.write(new byte[50_000]);
            assertThat(client.simpleReply(0).error()).isEqualTo(Nbd.EPERM);
            client.request(0, Nbd.CMD_TRIM, 1, 0, 4096);
            assertThat(client.simpleReply(0).error()).isEqualTo(Nbd.EPERM);
            client.request(0, 99, 1, 0, 4096);
            assertThat(client.simpleReply(0).error()).isEqualTo(Nbd.EINVAL);
            client.request(0, Nbd.CMD_FLUSH, 1, 0, 0);
            assertThat(client.simpleReply(0).error()).isZero();
            assertThat(client.read(100, 10_000)).isEqualTo(volume.expected(100, 10_000));
        }
    }

    @Test
    void manyRequestsComeAtOnceAndAreAllAnswered() throws IOException {
        MemoryVolume volume = attach();
        try (TestClient client = new TestClient(socket())) {
            client.go("root");
            ByteBuffer requests = ByteBuffer.allocate(500 * Nbd.REQUEST_LENGTH);
            for (int i = 0; i < 500; i++) {
                requests.putInt(Nbd.REQUEST_MAGIC)
                        .putShort((short) 0)
                        .putShort((short) Nbd.CMD_READ);
                requests.putLong(i).putLong(i * 1000L).putInt(999);
            }
            client.write(requests.array());
            for (int i = 0; i < 500; i++) {
                assertThat(client.simpleReply(999).data().array())
                        .isEqualTo(volume.expected(i * 1000L, 999));
            }
        }
    }

    @Test
    void holesAreToldAsHolesWhereTheyHaveToBeLookedFor() throws IOException {
        attach().setAbsent(true);
        try (TestClient client = structured()) {
            client.go("root");
            client.request(0, Nbd.CMD_READ, 1, 0, 8192);
            TestClient.Reply data = client.chunk();
            assertThat(data.type()).isEqualTo(Nbd.CHUNK_OFFSET_DATA);
            assertThat(data.flags()).isZero();
            assertThat(data.data().limit()).isEqualTo(8 + 4096);
            TestClient.Reply hole = client.chunk();
            assertThat(hole.type()).isEqualTo(Nbd.CHUNK_OFFSET_HOLE);
            assertThat(hole.flags()).isEqualTo(Nbd.CHUNK_FLAG_DONE);
            assertThat(hole.data().getLong()).isEqualTo(4096);
            assertThat(hole.data().getInt()).isEqualTo(4096);
            client.request(Nbd.CMD_FLAG_DF, Nbd.CMD_READ, 2, 0, 8192);
            assertThat(client.chunk().data().limit()).isEqualTo(8 + 8192);
        }
    }

    @Test
    void aFailedReadIsAnErrorChunk() throws IOException {
        MemoryVolume volume = attach();
        try (MemoryVolume.Trap _ = volume.fail(0, 4096);
                TestClient client = structured()) {
            client.go("root");
            client.request(0, Nbd.CMD_READ, 1, 0, 100);
            TestClient.Reply reply = client.chunk();
            assertThat(reply.type()).isEqualTo(Nbd.CHUNK_ERROR);
            assertThat(reply.data().getInt()).isEqualTo(Nbd.EIO);
        }
    }

    @Test
    void theSocketIsItsOwnersUnlessToldOtherwise() throws IOException {
        attach();
        assertThat(permissions(socket())).isEqualTo("rw-------");
        Path open = directory.resolve("open.sock");
        frontend.attach(volume("x"), new AttachmentSpec("unix:" + open, Map.of("mode", "0660")));
        assertThat(permissions(open)).isEqualTo("rw-rw----");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aPlaceThatIsNoneIsRefused() {
        for (String place : new String[] {"", "nbd", "tcp://127.0.0.1", "http://h:1", "unix:"}) {
            AttachmentSpec spec = new AttachmentSpec(place, Map.of());
            assertThatThrownBy(() -> frontend.attach(volume("x"), spec))
                    .as(place)
                    .isInstanceOf(IOException.class);
        }
    }
}
