package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;
import org.netloop.tck.MemoryVolume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The context that tells what was written to an overlay, alone and beside the one of holes. */
@Timeout(60)
class OverlayContextTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 8;
    private static final String OVERLAY = "netloop:overlay";
    private static final String ALLOCATION = "base:allocation";

    @TempDir Path directory;

    private final NbdFrontend frontend = new NbdFrontend(16 << 20, 4);

    /** A volume whose block 1 is a hole, with blocks 2 and 3 written. */
    private record Overlaid(Volume below) implements Volume {
        @Override
        public String name() {
            return below.name();
        }

        @Override
        public long size() {
            return below.size();
        }

        @Override
        public Digest identity() {
            return below.identity();
        }

        @Override
        public int preferredLength() {
            return below.preferredLength();
        }

        @Override
        public void read(long offset, ByteBuffer into)
                throws VolumeException, InterruptedException {
            below.read(offset, into);
        }

        @Override
        public boolean readIfPresent(long offset, ByteBuffer into) {
            return below.readIfPresent(offset, into);
        }

        @Override
        public Extent extent(long offset, long length)
                throws VolumeException, InterruptedException {
            return below.extent(offset, length);
        }

        @Override
        public BlockState state(long offset) {
            long block = offset / BLOCK;
            boolean own = block == 2 || block == 3;
            return new BlockState(
                    own ? BlockState.Place.OVERLAID : BlockState.Place.CACHED,
                    false,
                    (block + 1) * BLOCK);
        }
    }

    private record State(long length, long flags) {}

    @BeforeEach
    void attach() throws IOException {
        Volume image = MemoryVolume.generated("root", BLOCKS * BLOCK, BLOCK, block -> block == 1);
        frontend.attach(new Overlaid(image), new AttachmentSpec("unix:" + socket(), Map.of()));
    }

    @AfterEach
    void detach() {
        frontend.stop();
    }

    private Path socket() {
        return directory.resolve("nbd.sock");
    }

    /** Selects or lists contexts; those that the server names. */
    private static List<String> contexts(TestClient client, int option, String... queries)
            throws IOException {
        ByteBuffer data = ByteBuffer.allocate(1000).putInt(4).put("root".getBytes(UTF_8));
        data.putInt(queries.length);
        for (String query : queries) {
            data.putInt(query.length()).put(query.getBytes(UTF_8));
        }
        byte[] bytes = new byte[data.flip().remaining()];
        data.get(bytes);
        client.option(option, bytes);
        List<String> named = new ArrayList<>();
        TestClient.OptionReply reply = client.optionReply();
        while (reply.type() == Nbd.REP_META_CONTEXT) {
            reply.data().getInt();
            named.add(UTF_8.decode(reply.data()).toString());
            reply = client.optionReply();
        }
        assertThat(reply.type()).isEqualTo(Nbd.REP_ACK);
        return named;
    }

    private static void negotiate(TestClient client, int option) throws IOException {
        client.option(option, new byte[0]);
        assertThat(client.optionReply().type()).isEqualTo(Nbd.REP_ACK);
    }

    @Test
    void itIsListedWithTheOther() throws IOException {
        try (TestClient client = new TestClient(socket())) {
            negotiate(client, Nbd.OPT_STRUCTURED_REPLY);
            int list = Nbd.OPT_LIST_META_CONTEXT;
            assertThat(contexts(client, list)).containsExactly(ALLOCATION, OVERLAY);
            assertThat(contexts(client, list, "netloop:")).containsExactly(OVERLAY);
            int set = Nbd.OPT_SET_META_CONTEXT;
            assertThat(contexts(client, set, "netloop:")).isEmpty();
            assertThat(contexts(client, set, OVERLAY)).containsExactly(OVERLAY);
        }
    }

    @Test
    void structuredRepliesTellBaseFromOverlay() throws IOException {
        try (TestClient client = new TestClient(socket())) {
            negotiate(client, Nbd.OPT_STRUCTURED_REPLY);
            contexts(client, Nbd.OPT_SET_META_CONTEXT, OVERLAY, ALLOCATION);
            client.go("root");
            client.request(0, Nbd.CMD_BLOCK_STATUS, 1, 100, BLOCKS * BLOCK - 100);
            for (MetaContext context : MetaContext.values()) {
                ByteBuffer data = client.chunk().data();
                assertThat(data.getInt()).isEqualTo(context.id());
                List<State> states = new ArrayList<>();
                while (data.hasRemaining()) {
                    states.add(new State(data.getInt(), data.getInt()));
                }
                assertStates(context, states);
            }
        }
    }

    @Test
    void extendedHeadersTellBaseFromOverlay() throws IOException {
        try (TestClient client = new TestClient(socket())) {
            negotiate(client, Nbd.OPT_EXTENDED_HEADERS);
            contexts(client, Nbd.OPT_SET_META_CONTEXT, OVERLAY, ALLOCATION);
            client.go("root");
            client.extended(0, Nbd.CMD_BLOCK_STATUS, 100, BLOCKS * BLOCK - 100);
            for (MetaContext context : MetaContext.values()) {
                ByteBuffer data = client.extendedChunk(100).data();
                assertThat(data.getInt()).isEqualTo(context.id());
                int count = data.getInt();
                List<State> states = new ArrayList<>();
                while (data.hasRemaining()) {
                    states.add(new State(data.getLong(), data.getLong()));
                }
                assertThat(states).hasSize(count);
                assertStates(context, states);
            }
        }
    }

    private static void assertStates(MetaContext context, List<State> states) {
        int hole = Nbd.STATE_HOLE | Nbd.STATE_ZERO;
        switch (context) {
            case ALLOCATION ->
                    assertThat(states)
                            .containsExactly(
                                    new State(BLOCK - 100, 0),
                                    new State(BLOCK, hole),
                                    new State(6 * BLOCK, 0));
            case OVERLAY ->
                    assertThat(states)
                            .containsExactly(
                                    new State(2 * BLOCK - 100, 0),
                                    new State(2 * BLOCK, Nbd.STATE_OVERLAID),
                                    new State(4 * BLOCK, 0));
        }
    }
}
