package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.volume.Volume;
import org.netloop.tck.MemoryVolume;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tests extended headers, clause by clause of doc/proto.md in the NBD project's branch
 * extension-ext-header, by a client of our own: libnbd 1.14 and QEMU 7.2 do not know them.
 */
@Timeout(60)
class ExtendedHeadersTest {
    private static final int BLOCK = 4096;
    private static final int SIZE = 4 << 20;
    private static final int EXTENDED = Nbd.CMD_FLAG_PAYLOAD_LEN;

    @TempDir Path directory;

    private final NbdFrontend frontend = new NbdFrontend(16 << 20, 4);
    private long flags;

    @AfterEach
    void detach() {
        frontend.stop();
    }

    private Path socket() {
        return directory.resolve("nbd.sock");
    }

    private MemoryVolume attach() throws IOException {
        MemoryVolume volume = MemoryVolume.generated("root", SIZE, BLOCK, block -> block % 4 == 1);
        attach(volume);
        return volume;
    }

    private void attach(Volume volume) throws IOException {
        frontend.attach(volume, new AttachmentSpec("unix:" + socket(), Map.of()));
    }

    private static int option(TestClient client, int option, byte[] data) throws IOException {
        client.option(option, data);
        TestClient.OptionReply reply = client.optionReply();
        while (reply.type() == Nbd.REP_META_CONTEXT) {
            reply = client.optionReply();
        }
        return reply.type();
    }

    private static byte[] query(String context) {
        return ByteBuffer.allocate(16 + context.length())
                .putInt(4)
                .put("root".getBytes(UTF_8))
                .putInt(1)
                .putInt(context.length())
                .put(context.getBytes(UTF_8))
                .array();
    }

    private TestClient negotiated(boolean contexts) throws IOException {
        TestClient client = new TestClient(socket());
        assertThat(option(client, Nbd.OPT_EXTENDED_HEADERS, new byte[0])).isEqualTo(Nbd.REP_ACK);
        if (contexts) {
            assertThat(option(client, Nbd.OPT_SET_META_CONTEXT, query("base:allocation")))
                    .isEqualTo(Nbd.REP_ACK);
        }
        return client;
    }

    private void go(TestClient client) throws IOException {
        client.option(Nbd.OPT_GO, TestClient.nameAndInfos("root"));
        for (var reply = client.optionReply();
                reply.type() != Nbd.REP_ACK;
                reply = client.optionReply()) {
            assertThat(reply.type()).isEqualTo(Nbd.REP_INFO);
            if (reply.data().getShort() == Nbd.INFO_EXPORT) {
                flags = reply.data().getShort(10);
            }
        }
    }

    private static int error(TestClient client, int flags, int type, long offset, long length)
            throws IOException {
        client.extended(flags, type, offset, length);
        return errorOf(client.extendedChunk(offset));
    }

    private static int errorOf(TestClient.Reply reply) {
        assertThat(reply.flags()).isEqualTo(Nbd.CHUNK_FLAG_DONE);
        if (reply.type() == Nbd.CHUNK_NONE) {
            return 0;
        }
        assertThat(reply.type()).isEqualTo(Nbd.CHUNK_ERROR);
        return reply.data().getInt();
    }

    @Test
    void theyTakePrecedenceOverStructuredReplies() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            assertThat(option(client, Nbd.OPT_STRUCTURED_REPLY, new byte[0]))
                    .isEqualTo(Nbd.REP_ACK);
            assertThat(option(client, Nbd.OPT_EXTENDED_HEADERS, new byte[1]))
                    .isEqualTo(Nbd.REP_ERR_INVALID);
            assertThat(option(client, Nbd.OPT_EXTENDED_HEADERS, new byte[0]))
                    .isEqualTo(Nbd.REP_ACK);
            assertThat(option(client, Nbd.OPT_STRUCTURED_REPLY, new byte[0]))
                    .isEqualTo(Nbd.REP_ERR_EXT_HEADER_REQD);
            client.option(Nbd.OPT_EXPORT_NAME, "root".getBytes(UTF_8));
            assertThatThrownBy(client::optionReply).isInstanceOf(EOFException.class);
        }
    }

    /** Present or not, in one part or several. */
    @Test
    void readsAreAnsweredInExtendedParts() throws IOException {
        MemoryVolume volume = attach();
        try (TestClient client = negotiated(false)) {
            go(client);
            assertThat(flags & Nbd.FLAG_SEND_DF).isNotZero();
            assertThat(flags & Nbd.FLAG_BLOCK_STATUS_PAYLOAD).isZero();
            for (boolean absent : new boolean[] {false, true}) {
                volume.setAbsent(absent);
                assertThat(read(client, 0, 100, 3 << 20)).isEqualTo(volume.expected(100, 3 << 20));
                assertThat(read(client, Nbd.CMD_FLAG_DF, 1, 300_000))
                        .isEqualTo(volume.expected(1, 300_000));
            }
            assertThat(error(client, 0, Nbd.CMD_READ, 0, 1L << 40)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, 0, Nbd.CMD_READ, 0, -1)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, 0, Nbd.CMD_READ, -1, 2)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, 0, Nbd.CMD_CACHE, 0, SIZE)).isZero();
            assertThat(error(client, 0, Nbd.CMD_FLUSH, 0, 0)).isZero();
        }
    }

    private static byte[] read(TestClient client, int flags, long offset, int length)
            throws IOException {
        client.extended(flags, Nbd.CMD_READ, offset, length);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int missing = length;
        for (boolean last = false; !last; ) {
            TestClient.Reply part = client.extendedChunk(offset);
            last = part.flags() == Nbd.CHUNK_FLAG_DONE;
            if (part.type() == Nbd.CHUNK_NONE) {
                continue;
            }
            int at = (int) (part.data().getLong() - offset);
            if (part.type() == Nbd.CHUNK_OFFSET_HOLE) {
                missing -= part.data().getInt();
            } else {
                assertThat(part.type()).isEqualTo(Nbd.CHUNK_OFFSET_DATA);
                missing -= part.data().remaining();
                bytes.put(at, part.data(), part.data().position(), part.data().remaining());
            }
        }
        assertThat(missing).isZero();
        return bytes.array();
    }

    @Test
    void theStateOfBlocksHasExtendedParts() throws IOException {
        attach();
        try (TestClient client = negotiated(true)) {
            go(client);
            assertThat(flags & Nbd.FLAG_BLOCK_STATUS_PAYLOAD).isNotZero();
            client.extended(0, Nbd.CMD_BLOCK_STATUS, 0, 2 * BLOCK);
            assertStates(client.extendedChunk(0));
            client.extended(EXTENDED, Nbd.CMD_BLOCK_STATUS, 0, 12);
            client.write(ByteBuffer.allocate(12).putLong(2 * BLOCK).putInt(1).array());
            assertStates(client.extendedChunk(0));
        }
    }

    private static void assertStates(TestClient.Reply reply) {
        assertThat(reply.type()).isEqualTo(Nbd.CHUNK_BLOCK_STATUS_EXT);
        assertThat(reply.flags()).isEqualTo(Nbd.CHUNK_FLAG_DONE);
        ByteBuffer data = reply.data();
        assertThat(data.remaining()).isEqualTo(8 + 2 * 16);
        assertThat(data.getInt()).isEqualTo(MetaContext.ALLOCATION.id());
        assertThat(data.getInt()).isEqualTo(2);
        assertThat(data.getLong()).isEqualTo(BLOCK);
        assertThat(data.getLong()).isZero();
        assertThat(data.getLong()).isEqualTo(BLOCK);
        assertThat(data.getLong()).isEqualTo(Nbd.STATE_HOLE | Nbd.STATE_ZERO);
    }

    @Test
    void aPayloadThatIsNotInOrderIsConsumedAndRefused() throws IOException {
        attach();
        try (TestClient client = negotiated(true)) {
            go(client);
            for (ByteBuffer bad :
                    new ByteBuffer[] {
                        ByteBuffer.allocate(12).putLong(BLOCK).putInt(9),
                        ByteBuffer.allocate(16).putLong(BLOCK).putInt(1).putInt(1),
                        ByteBuffer.allocate(8).putLong(BLOCK),
                        ByteBuffer.allocate(13).putLong(BLOCK).putInt(1),
                        ByteBuffer.allocate(3),
                        ByteBuffer.allocate(60_000),
                        ByteBuffer.allocate(12).putLong(-1).putInt(1),
                        ByteBuffer.allocate(12).putLong(1L << 40).putInt(1)
                    }) {
                client.extended(EXTENDED, Nbd.CMD_BLOCK_STATUS, 0, bad.capacity());
                client.write(bad.array());
                assertThat(errorOf(client.extendedChunk(0))).isEqualTo(Nbd.EINVAL);
            }
            for (int type : new int[] {Nbd.CMD_READ, Nbd.CMD_CACHE, Nbd.CMD_FLUSH, 77}) {
                client.extended(EXTENDED, type, 0, 50_000);
                client.write(new byte[50_000]);
                assertThat(errorOf(client.extendedChunk(0))).isEqualTo(Nbd.EINVAL);
            }
            assertThat(error(client, EXTENDED, Nbd.CMD_BLOCK_STATUS, 0, 0)).isEqualTo(Nbd.EINVAL);
            client.extended(EXTENDED, Nbd.CMD_WRITE, 0, Nbd.MAX_REQUEST + 1L);
            assertThatThrownBy(() -> client.extendedChunk(0)).isInstanceOf(EOFException.class);
        }
        try (TestClient client = negotiated(false)) {
            go(client);
            assertThat(error(client, 0, Nbd.CMD_BLOCK_STATUS, 0, BLOCK)).isEqualTo(Nbd.EINVAL);
            client.extended(EXTENDED, Nbd.CMD_BLOCK_STATUS, 0, 12);
            client.write(ByteBuffer.allocate(12).putLong(BLOCK).putInt(1).array());
            assertThat(errorOf(client.extendedChunk(0))).isEqualTo(Nbd.EINVAL);
        }
    }

    /** A volume of 8 TiB without data, which takes writes and notes what it was asked for. */
    private static final class Vast implements Volume {
        private static final long VAST = 8L << 40;
        private final AtomicLong readBytes = new AtomicLong();
        private final AtomicLong trimmed = new AtomicLong();
        private final AtomicLong zeroed = new AtomicLong();
        private final AtomicLong written = new AtomicLong();

        @Override
        public String name() {
            return "root";
        }

        @Override
        public long size() {
            return VAST;
        }

        @Override
        public Digest identity() {
            return Digest.parse("sha256:" + "0".repeat(64));
        }

        @Override
        public int preferredLength() {
            return BLOCK;
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            readBytes.addAndGet(into.remaining());
            into.put(new byte[into.remaining()]);
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            return false;
        }

        @Override
        public Extent extent(long offset, long length) {
            return new Extent(offset, length, true);
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            written.addAndGet(from.remaining());
            from.position(from.limit());
        }

        @Override
        public void zero(long offset, long length, boolean keepRoom) {
            zeroed.set(length);
        }

        @Override
        public void trim(long offset, long length) {
            trimmed.set(length);
        }
    }

    @Test
    void lengthsHave64Bits() throws IOException {
        Vast volume = new Vast();
        attach(volume);
        try (TestClient client = negotiated(true)) {
            go(client);
            client.extended(Nbd.CMD_FLAG_REQ_ONE, Nbd.CMD_BLOCK_STATUS, BLOCK, Vast.VAST - BLOCK);
            ByteBuffer one = client.extendedChunk(BLOCK).data();
            assertThat(one.getLong(8)).isEqualTo(Vast.VAST - BLOCK);
            assertThat(error(client, 0, Nbd.CMD_TRIM, 0, Vast.VAST)).isZero();
            assertThat(volume.trimmed.get()).isEqualTo(Vast.VAST);
            assertThat(error(client, Nbd.CMD_FLAG_FAST_ZERO, Nbd.CMD_WRITE_ZEROES, 5, 1L << 41))
                    .isZero();
            assertThat(volume.zeroed.get()).isEqualTo(1L << 41);
            assertThat(error(client, Nbd.CMD_FLAG_NO_HOLE, Nbd.CMD_WRITE_ZEROES, 0, 1L << 32))
                    .isEqualTo(Nbd.EOVERFLOW);
            assertThat(error(client, 0, Nbd.CMD_READ, 0, 1L << 32)).isEqualTo(Nbd.EOVERFLOW);
            assertThat(error(client, 0, Nbd.CMD_CACHE, 0, 1L << 32)).isEqualTo(Nbd.EOVERFLOW);
            assertThat(volume.readBytes.get()).isZero();
            assertThat(error(client, 0, Nbd.CMD_CACHE, BLOCK, 3 << 20)).isZero();
            assertThat(volume.readBytes.get()).isEqualTo(3 << 20);
            assertThat(error(client, 0, Nbd.CMD_TRIM, 1, Vast.VAST)).isEqualTo(Nbd.EINVAL);
            client.extended(EXTENDED, Nbd.CMD_WRITE, 7, 70_000);
            client.write(new byte[70_000]);
            assertThat(errorOf(client.extendedChunk(7))).isZero();
            assertThat(volume.written.get()).isEqualTo(70_000);
            assertThat(error(client, 0, Nbd.CMD_WRITE, 0, BLOCK)).isEqualTo(Nbd.EINVAL);
        }
    }
}
