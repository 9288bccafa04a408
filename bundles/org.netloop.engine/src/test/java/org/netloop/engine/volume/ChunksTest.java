package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.read.CacheKeys;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Blocks of any length, beside the file that lists them, of which only the plain bytes are vouched
 * for.
 */
@Timeout(60)
class ChunksTest {
    private static final String INDEX = "/dir/index";
    private static final int[] LENGTHS = {5000, 1, 30_000, 777, 12_345};
    private static final int MOST = 40_000;
    private static final byte MARK = 'X';

    private Duration patience = Duration.ofSeconds(30);
    private final Engine engine = new Engine(1 << 20, Duration.ofMillis(100));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final MapCache plain = new MapCache();
    private final MapCache stored = new MapCache();
    private final List<Block> blocks = new ArrayList<>();
    private byte[] image = new byte[0];

    @BeforeEach
    void publishAndInstall() {
        ByteBuffer all = ByteBuffer.allocate(50_000);
        Random random = new Random(1);
        for (int length : LENGTHS) {
            byte[] chunk = new byte[length];
            random.nextBytes(chunk);
            publish(all.position(), chunk);
            all.put(chunk);
        }
        image = new byte[all.flip().remaining()];
        all.get(image);
        transport.objects.put(INDEX, new byte[100]);
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindFormat(new ChunkFormat(), Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
        engine.bindCodec(new MarkedCodec(), Map.of());
        engine.bindCache(plain, Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
    }

    private void publish(int offset, byte[] chunk) {
        Digest digest = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.wrap(chunk));
        transport.objects.put("/dir/store/" + digest.hex(), MarkedCodec.encoded(chunk));
        String path = "../store/" + digest.hex();
        blocks.add(
                new Block(
                        offset,
                        chunk.length,
                        StoredBlock.chunk(
                                digest,
                                chunk.length,
                                path,
                                chunk.length + 100,
                                StoredBlock.RECOGNISED)));
    }

    private StoredBlock stored(int number) {
        return blocks.get(number).stored().orElseThrow();
    }

    private Digest key(int number) {
        return new CacheKeys(URI.create("test://a" + INDEX)).stored(stored(number));
    }

    private String objectOf(int number) {
        return "/dir/" + stored(number).path().substring("../".length());
    }

    private OpenVolume open(String... mirrors) throws Exception {
        List<URI> bases = new ArrayList<>();
        for (String host : mirrors) {
            bases.add(URI.create("test://" + host + INDEX));
        }
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(bases.getFirst(), null, null),
                        bases.subList(1, bases.size()),
                        patience));
    }

    private static byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        return into.array();
    }

    @Test
    void blocksOfAnyLengthAreReadBackAndFetchedOnce() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, image.length)).isEqualTo(image);
            assertThat(read(volume, 0, image.length)).isEqualTo(image);
        }
        plain.blocks.clear();
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, image.length)).isEqualTo(image);
        }
        for (int number = 0; number < LENGTHS.length; number++) {
            assertThat(transport.requestsOf(objectOf(number))).isEqualTo(1);
        }
    }

    @Test
    void aChunkOfOtherContentIsNeitherServedNorKept() throws Exception {
        patience = Duration.ofSeconds(2);
        byte[] other = new byte[LENGTHS[2]];
        transport.objects.put(objectOf(2), MarkedCodec.encoded(other));
        try (OpenVolume volume = open("a")) {
            assertThatThrownBy(() -> read(volume, LENGTHS[0] + 1, 10))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("other bytes than its digest");
        }
        assertThat(plain.blocks).isEmpty();
        assertThat(stored.blocks).doesNotContainKey(key(2));
    }

    @Test
    void aChunkThatIsDamagedComesFromTheNextMirror() throws Exception {
        for (byte[] damaged :
                List.of("garbage".getBytes(US_ASCII), new byte[100_000], new byte[] {MARK})) {
            transport.faults.put(
                    "bad",
                    (request, into) -> {
                        if (!request.uri().getPath().equals(INDEX)) {
                            into.put(damaged, 0, Math.min(damaged.length, into.remaining()));
                        }
                    });
            plain.blocks.clear();
            stored.blocks.clear();
            try (OpenVolume volume = open("bad", "good")) {
                assertThat(read(volume, 0, image.length)).isEqualTo(image);
            }
        }
    }

    @Test
    void damageInTheStoredCacheIsFetchedAnew() throws Exception {
        stored.blocks.put(key(0), MarkedCodec.encoded(new byte[LENGTHS[0]]));
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, image.length)).isEqualTo(image);
        }
        assertThat(stored.blocks.get(key(0))).isEqualTo(transport.objects.get(objectOf(0)));
    }

    @Test
    void whatNoCodecRecognisesNamesItsFirstBytes() throws Exception {
        patience = Duration.ofSeconds(2);
        transport.objects.put(objectOf(0), new byte[] {1, 2, 3, 4, 5, 6, 7});
        try (OpenVolume volume = open("a")) {
            assertThatThrownBy(() -> read(volume, 0, 1))
                    .hasMessageContaining("begins with 010203040506")
                    .hasMessageContaining("[marked, xor]");
        }
    }

    /** A mark, and the bytes flipped. */
    private static final class MarkedCodec extends XorCodec {
        static byte[] encoded(byte[] plain) {
            return ByteBuffer.allocate(1 + plain.length)
                    .put(MARK)
                    .put(XorCodec.flip(plain, 0, plain.length))
                    .array();
        }

        @Override
        public String id() {
            return "marked";
        }

        @Override
        public boolean recognises(ByteBuffer stored) {
            return stored.hasRemaining() && stored.get() == MARK;
        }

        @Override
        public boolean decode(ByteBuffer stored, ByteBuffer into) {
            stored.get();
            return super.decode(stored, into);
        }
    }

    private final class ChunkFormat implements IndexFormat {
        @Override
        public String id() {
            return "chunks";
        }

        @Override
        public String entry(Reference reference) {
            return "";
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return true;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) {
            return new ChunkIndex();
        }
    }

    private final class ChunkIndex implements Index {
        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(image)),
                    "chunks",
                    image.length,
                    MOST,
                    StoredBlock.RECOGNISED,
                    null,
                    -1,
                    Map.of(),
                    Verification.PLAIN);
        }

        @Override
        public Block block(long offset) {
            return blocks.stream().filter(block -> offset < block.end()).findFirst().orElseThrow();
        }

        @Override
        public @Nullable Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            return new Extent(offset, image.length - offset, false);
        }
    }
}
