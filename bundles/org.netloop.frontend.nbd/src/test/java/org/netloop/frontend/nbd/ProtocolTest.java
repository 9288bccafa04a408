package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.volume.Volume;
import org.netloop.tck.MemoryVolume;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Tests the NBD project's doc/proto.md, clause by clause. */
@Timeout(60)
class ProtocolTest {
    private static final int BLOCK = 4096;
    private static final long SIZE = 40 << 20;
    private static final int UNKNOWN_FLAG = 1 << 9;
    private static final int FAST_ZERO = 1 << 4;

    @TempDir Path directory;

    private final NbdFrontend frontend = new NbdFrontend(16 << 20, 4);

    @AfterEach
    void detach() {
        frontend.stop();
    }

    private Path socket() {
        return directory.resolve("nbd.sock");
    }

    private void attach(Volume volume, int rank, Map<String, String> options) throws IOException {
        frontend.attach(volume, new AttachmentSpec("unix:" + socket(), options, rank));
    }

    private MemoryVolume attach() throws IOException {
        MemoryVolume volume = MemoryVolume.generated("root", SIZE, BLOCK, block -> block % 4 == 1);
        attach(volume, 0, Map.of());
        return volume;
    }

    private TestClient structured() throws IOException {
        TestClient client = new TestClient(socket());
        client.option(Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
        assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ACK);
        return client;
    }

    private static int error(TestClient client, int flags, int command, long offset, int length)
            throws IOException {
        client.request(flags, command, 7, offset, length);
        return client.simpleReply(0).error();
    }

    @Test
    void aFlagThatIsUnknownOrDoesNotApplyIsInvalid() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            client.go("root");
            for (int command :
                    new int[] {
                        Nbd.CMD_READ,
                        Nbd.CMD_FLUSH,
                        Nbd.CMD_TRIM,
                        Nbd.CMD_CACHE,
                        Nbd.CMD_WRITE_ZEROES,
                        Nbd.CMD_BLOCK_STATUS
                    }) {
                assertThat(error(client, UNKNOWN_FLAG, command, 0, BLOCK)).isEqualTo(Nbd.EINVAL);
            }
            assertThat(error(client, Nbd.CMD_FLAG_FUA, Nbd.CMD_READ, 0, 1)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, Nbd.CMD_FLAG_REQ_ONE, Nbd.CMD_READ, 0, 1))
                    .isEqualTo(Nbd.EINVAL);
            assertThat(error(client, Nbd.CMD_FLAG_DF, Nbd.CMD_READ, 0, 1)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, Nbd.CMD_FLAG_DF, Nbd.CMD_CACHE, 0, 1)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, FAST_ZERO, Nbd.CMD_WRITE_ZEROES, 0, 1)).isEqualTo(Nbd.EINVAL);
            assertThat(error(client, Nbd.CMD_FLAG_FUA, Nbd.CMD_TRIM, 0, 1)).isEqualTo(Nbd.EPERM);
            client.request(UNKNOWN_FLAG, Nbd.CMD_WRITE, 7, 0, 50_000);
            client.write(new byte[50_000]);
            assertThat(client.simpleReply(0).error()).isEqualTo(Nbd.EINVAL);
            assertThat(client.read(0, 10)).hasSize(10);
        }
    }

    @Test
    void anErrorOfAReadIsAStructuredReplyWhereThoseWereNegotiated() throws IOException {
        attach();
        try (TestClient client = structured()) {
            client.go("root");
            client.request(UNKNOWN_FLAG, Nbd.CMD_READ, 7, 0, BLOCK);
            TestClient.Reply reply = client.chunk();
            assertThat(reply.type()).isEqualTo(Nbd.CHUNK_ERROR);
            assertThat(reply.data().getInt()).isEqualTo(Nbd.EINVAL);
            client.request(0, Nbd.CMD_READ, 7, 0, Nbd.MAX_REQUEST + 1);
            assertThat(client.chunk().data().getInt()).isEqualTo(Nbd.EOVERFLOW);
            client.request(0, Nbd.CMD_READ, 7, SIZE - 1, 2);
            assertThat(client.chunk().data().getInt()).isEqualTo(Nbd.EINVAL);
        }
    }

    /** Present or not: a run of zeros is a hole, from one block on. */
    @Test
    void holesAreSentAsHolesFromOneBlockOn() throws IOException {
        MemoryVolume volume = attach();
        try (TestClient client = structured()) {
            client.go("root");
            for (boolean absent : new boolean[] {false, true}) {
                volume.setAbsent(absent);
                client.request(0, Nbd.CMD_READ, 7, 0, 4 * BLOCK);
                assertThat(assembled(client, 0, 4 * BLOCK))
                        .isEqualTo(volume.expected(0, 4 * BLOCK));
                assertThat(holes).isEqualTo(BLOCK);
                client.request(0, Nbd.CMD_READ, 7, 100, 3 << 20);
                assertThat(assembled(client, 100, 3 << 20))
                        .isEqualTo(volume.expected(100, 3 << 20));
                assertThat(holes).isEqualTo((3 << 20) / 4);
                client.request(0, Nbd.CMD_READ, 7, BLOCK, BLOCK);
                assertThat(assembled(client, BLOCK, BLOCK)).isEqualTo(new byte[BLOCK]);
                assertThat(holes).isEqualTo(BLOCK);
            }
        }
    }

    private int holes;

    /** The bytes of a reply in any number of parts, each of which is within the rest of it. */
    private byte[] assembled(TestClient client, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int missing = length;
        holes = 0;
        for (boolean last = false; !last; ) {
            TestClient.Reply part = client.chunk();
            last = part.flags() == Nbd.CHUNK_FLAG_DONE;
            int at = (int) (part.data().getLong() - offset);
            if (part.type() == Nbd.CHUNK_OFFSET_HOLE) {
                int count = part.data().getInt();
                holes += count;
                missing -= count;
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
    void theLargestReadIsServedWithoutAndWithFragments() throws IOException {
        MemoryVolume volume = attach();
        for (boolean absent : new boolean[] {false, true}) {
            volume.setAbsent(absent);
            byte[] expected = volume.expected(BLOCK + 1, Nbd.MAX_REQUEST);
            try (TestClient client = new TestClient(socket())) {
                client.go("root");
                assertThat(client.read(BLOCK + 1, Nbd.MAX_REQUEST)).isEqualTo(expected);
            }
            try (TestClient client = structured()) {
                client.go("root");
                client.request(0, Nbd.CMD_READ, 7, BLOCK + 1, Nbd.MAX_REQUEST);
                assertThat(assembled(client, BLOCK + 1, Nbd.MAX_REQUEST)).isEqualTo(expected);
                client.request(Nbd.CMD_FLAG_DF, Nbd.CMD_READ, 7, BLOCK + 1, Nbd.MAX_REQUEST);
                ByteBuffer one = client.chunk().data();
                assertThat(one.getLong()).isEqualTo(BLOCK + 1);
                assertThat(one.compact().flip()).isEqualTo(ByteBuffer.wrap(expected));
                TestClient.Reply end = client.chunk();
                assertThat(end.type()).isEqualTo(Nbd.CHUNK_NONE);
                assertThat(end.flags()).isEqualTo(Nbd.CHUNK_FLAG_DONE);
            }
        }
    }

    /** The first pass of two reads them all; one of the second pass fails. */
    private static FaultyVolume failingInTheMiddle() {
        return new FaultyVolume(SIZE, 4 + 10);
    }

    @Test
    void aSimpleReplyThatWasBegunIsBrokenOffWhereItFails() throws IOException {
        attach(failingInTheMiddle(), 0, Map.of());
        try (TestClient client = new TestClient(socket())) {
            client.go("");
            client.request(0, Nbd.CMD_READ, 7, 0, 4 << 20);
            assertThatThrownBy(
                            () ->
                                    assertThat(client.simpleReply(4 << 20).data().remaining())
                                            .isEqualTo(4 << 20))
                    .isInstanceOfAny(AssertionError.class, IOException.class);
            assertThatThrownBy(() -> client.simpleReply(0)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aSimpleReplyThatCannotBeginTellsTheError() throws IOException {
        attach(new FaultyVolume(SIZE, 2), 0, Map.of());
        try (TestClient client = new TestClient(socket())) {
            client.go("");
            assertThat(error(client, 0, Nbd.CMD_READ, 0, 4 << 20)).isEqualTo(Nbd.EIO);
            assertThat(error(client, 0, Nbd.CMD_FLUSH, 0, 0)).isZero();
        }
    }

    @Test
    void aPartThatFailsInTheMiddleIsFilledUpAndTheErrorFollows() throws IOException {
        attach(failingInTheMiddle(), 0, Map.of());
        try (TestClient client = structured()) {
            client.go("");
            client.request(Nbd.CMD_FLAG_DF, Nbd.CMD_READ, 7, 0, 4 << 20);
            TestClient.Reply part = client.chunk();
            assertThat(part.flags()).isZero();
            assertThat(part.data().remaining()).isEqualTo(8 + (4 << 20));
            TestClient.Reply error = client.chunk();
            assertThat(error.type()).isEqualTo(Nbd.CHUNK_ERROR);
            assertThat(error.flags()).isEqualTo(Nbd.CHUNK_FLAG_DONE);
            assertThat(error.data().getInt()).isEqualTo(Nbd.EIO);
            error.data().getShort();
            assertThat(UTF_8.decode(error.data()).toString()).contains("is gone\\x1b[31m");
        }
    }

    @Test
    void namesWithZerosOrTooLongOnesAreInvalidAndErrorsAreShort() throws IOException {
        attach();
        try (TestClient client = new TestClient(socket())) {
            for (String bad : new String[] {"a\0b", "x".repeat(4097)}) {
                client.option(Nbd.OPT_GO, TestClient.nameAndInfos(bad));
                assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ERR_INVALID);
            }
            client.option(Nbd.OPT_GO, TestClient.nameAndInfos("\u001b".repeat(4096)));
            TestClient.OptionReply reply = client.optionReply();
            assertThat(reply.type()).isEqualTo(Nbd.REP_ERR_UNKNOWN);
            assertThat(reply.data().remaining()).isLessThanOrEqualTo(4096);
            assertThat(UTF_8.decode(reply.data()).toString()).doesNotContain("\u001b");
            assertThat(client.go("root")).isEqualTo(SIZE);
        }
        for (String bad : new String[] {"a\0b", "x".repeat(4097)}) {
            assertThatThrownBy(() -> attach(new FaultyVolume(SIZE, 0), 0, Map.of("export", bad)))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theDefaultIsTheFirstThatIsConfiguredWhicheverIsAttachedFirst() throws IOException {
        attach(MemoryVolume.of("second", BLOCK, new byte[2 * BLOCK]), 1, Map.of());
        try (TestClient client = new TestClient(socket())) {
            client.option(Nbd.OPT_GO, TestClient.nameAndInfos(""));
            TestClient.OptionReply reply = client.optionReply();
            assertThat(reply.type()).isEqualTo(Nbd.REP_ERR_UNKNOWN);
            assertThat(UTF_8.decode(reply.data()).toString()).contains("default export");
            assertThat(client.go("second")).isEqualTo(2 * BLOCK);
        }
        attach(MemoryVolume.of("first", BLOCK, new byte[BLOCK]), 0, Map.of());
        try (TestClient client = new TestClient(socket())) {
            assertThat(client.go("")).isEqualTo(BLOCK);
        }
    }

    @Test
    void whoFindsNoSeatIsToldWhy() throws IOException {
        MemoryVolume volume = attach();
        try (MemoryVolume.Trap _ = volume.hold(0, BLOCK, Duration.ofSeconds(60));
                TestClient one = new TestClient(socket());
                TestClient two = new TestClient(socket());
                TestClient three = new TestClient(socket());
                TestClient four = new TestClient(socket());
                TestClient five = new TestClient(socket())) {
            for (TestClient client : new TestClient[] {one, two, three, four}) {
                client.go("root");
                // Whoever is quiet for long makes room.
                client.request(0, Nbd.CMD_READ, 1, 0, BLOCK);
            }
            five.option(Nbd.OPT_GO, TestClient.nameAndInfos("root"));
            TestClient.OptionReply reply = five.optionReply();
            assertThat(reply.type()).isEqualTo(Nbd.REP_ERR_POLICY);
            assertThat(UTF_8.decode(reply.data()).toString()).contains("all seats");
            five.option(Nbd.OPT_LIST, new byte[0]);
            assertThat(five.optionReply().type()).isEqualTo(Nbd.REP_SERVER);
        }
    }

    /** Many times, because a client that saw its end once had its seat still. */
    @Test
    void whoComesAgainFindsTheLastSeatFree() throws IOException {
        attach();
        try (TestClient one = new TestClient(socket());
                TestClient two = new TestClient(socket());
                TestClient three = new TestClient(socket())) {
            for (TestClient client : new TestClient[] {one, two, three}) {
                client.go("root");
            }
            for (int i = 0; i < 500; i++) {
                try (TestClient last = new TestClient(socket())) {
                    last.go("root");
                    last.request(0, Nbd.CMD_DISC, 1, 0, 0);
                    last.awaitEnd();
                }
            }
        }
    }

    @Test
    void informationIsGivenOnceHoweverOftenItIsAskedFor() throws IOException {
        attach();
        ByteBuffer data = ByteBuffer.allocate(4 + 4 + 2 + 2 * 1000);
        data.putInt(4).put("root".getBytes(UTF_8)).putShort((short) 1000);
        while (data.hasRemaining()) {
            data.putShort((short) Nbd.INFO_NAME);
        }
        try (TestClient client = new TestClient(socket())) {
            client.option(Nbd.OPT_INFO, data.array());
            int replies = 1;
            while (client.optionReply().type() == Nbd.REP_INFO) {
                replies++;
            }
            assertThat(replies).isEqualTo(4);
        }
    }
}
