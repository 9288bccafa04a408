package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.netloop.engine.lease.BackendState;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Images that say different things of the same stored bytes never change what others read. */
@Timeout(60)
class IdentityTest {
    private static final int BLOCK = 4096;
    private static final String XOR = "xor";

    private final Engine engine = new Engine(1 << 20, Duration.ofMillis(100));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final MapCache plain = new MapCache();
    private final MapCache stored = new MapCache();
    private final byte[] bytes = new byte[BLOCK];

    @BeforeEach
    void install() {
        new Random(1).nextBytes(bytes);
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindCodec(new XorCodec(), Map.of());
        engine.bindCache(plain, Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
    }

    private static Digest digest(DigestAlgorithm algorithm, byte[] bytes) {
        return Digest.of(algorithm, ByteBuffer.wrap(bytes));
    }

    private StoredBlock object(DigestAlgorithm algorithm, String codec) {
        Digest digest = digest(algorithm, bytes);
        transport.objects.put("/" + digest.hex(), bytes);
        return StoredBlock.object(digest, digest.hex(), bytes.length, codec);
    }

    /** An image of such blocks, each of {@value #BLOCK} plain bytes, published in a repository. */
    private OpenVolume open(String repository, StoredBlock... blocks) throws Exception {
        String id = repository;
        transport.objects.put("/" + id, id.getBytes(US_ASCII));
        IndexFormat format = new ListFormat(id, List.of(blocks));
        engine.bindFormat(format, Map.of());
        OpenVolume volume =
                engine.open(
                        new VolumeSpec(
                                repository,
                                new Reference(URI.create("test://" + repository + "/"), null, null),
                                List.of(),
                                Duration.ofSeconds(30),
                                Prefetch.NONE));
        engine.unbindFormat(format);
        return volume;
    }

    private static byte[] read(OpenVolume volume, int block) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(BLOCK);
        volume.read((long) block * BLOCK, into);
        return into.array();
    }

    private byte[] decoded() {
        return XorCodec.flip(bytes, 0, BLOCK);
    }

    @Test
    void anotherCodecForTheSameStoredBytesChangesNoOtherImage() throws Exception {
        StoredBlock asItIs = object(DigestAlgorithm.SHA256, StoredBlock.PLAIN);
        StoredBlock encoded = object(DigestAlgorithm.SHA256, XOR);
        try (OpenVolume hostile = open("hostile", encoded)) {
            assertThat(read(hostile, 0)).isEqualTo(decoded());
        }
        try (OpenVolume hostile = open("hostile", encoded);
                OpenVolume good = open("good", asItIs)) {
            assertThat(read(good, 0)).isEqualTo(bytes);
            assertThat(read(hostile, 0)).isEqualTo(decoded());
        }
        assertThat(transport.requestsOf("/" + asItIs.path()))
                .as("what is stored, and verified, is shared")
                .isEqualTo(1);
    }

    @Test
    void twoEntriesOfOneImageMayNameTheSameStoredBytes() throws Exception {
        try (OpenVolume volume =
                open(
                        "one",
                        object(DigestAlgorithm.SHA256, XOR),
                        object(DigestAlgorithm.SHA256, StoredBlock.PLAIN))) {
            ByteBuffer both = ByteBuffer.allocate(2 * BLOCK);
            volume.read(0, both);
            byte[] expected = new byte[2 * BLOCK];
            System.arraycopy(decoded(), 0, expected, 0, BLOCK);
            System.arraycopy(bytes, 0, expected, BLOCK, BLOCK);
            assertThat(both.array()).isEqualTo(expected);
        }
    }

    @Test
    void bytesOfACollisionAreServedInNoOtherRepository() throws Exception {
        StoredBlock weak = object(DigestAlgorithm.MD5, StoredBlock.PLAIN);
        try (OpenVolume first = open("first", weak)) {
            assertThat(read(first, 0)).isEqualTo(bytes);
        }
        try (OpenVolume second = open("second", weak)) {
            assertThat(read(second, 0)).isEqualTo(bytes);
        }
        assertThat(transport.requestsOf("/" + weak.path()))
                .as("what MD5 vouches for is not taken from a cache that others fill")
                .isEqualTo(2);
        try (OpenVolume again = open("first", weak)) {
            assertThat(read(again, 0)).isEqualTo(bytes);
        }
        assertThat(transport.requestsOf("/" + weak.path())).isEqualTo(2);
    }

    @Test
    void nothingIsKeptUnderANameThatContentCouldHave() throws Exception {
        try (OpenVolume volume =
                open(
                        "all",
                        object(DigestAlgorithm.MD5, XOR),
                        object(DigestAlgorithm.SHA1, XOR),
                        StoredBlock.chunk(
                                digest(DigestAlgorithm.SHA256, decoded()),
                                BLOCK,
                                object(DigestAlgorithm.SHA256, XOR).path(),
                                BLOCK,
                                XOR))) {
            for (int block = 0; block < 3; block++) {
                assertThat(read(volume, block)).isEqualTo(decoded());
            }
        }
        assertThat(plain.blocks).hasSize(3);
        assertThat(plain.blocks).doesNotContainKey(digest(DigestAlgorithm.SHA256, bytes));
        stored.blocks.forEach(
                (key, kept) -> {
                    boolean isDocument = kept.length < BLOCK;
                    assertThat(isDocument || !key.equals(digest(key.algorithm(), kept))).isTrue();
                });
    }

    @Test
    void aBlockOfAnotherLengthInTheCacheIsDamageAndNoFaultOfTheCache() throws Exception {
        StoredBlock block = object(DigestAlgorithm.SHA256, XOR);
        plain.blocks.put(new Block(0, BLOCK, block).identity(), new byte[17]);
        try (OpenVolume volume = open("good", block)) {
            assertThat(read(volume, 0)).isEqualTo(decoded());
            assertThat(volume.readIfPresent(0, ByteBuffer.allocate(BLOCK)))
                    .as("it was replaced, and the cache is in use")
                    .isTrue();
        }
        assertThat(engine.backends())
                .filteredOn(state -> state.kind().equals("cache"))
                .allMatch(state -> state.condition() == BackendState.Condition.WELL)
                .allMatch(state -> state.faults() == 0);
    }

    private record ListFormat(String id, List<StoredBlock> stored) implements IndexFormat {
        @Override
        public String entry(Reference reference) {
            return id;
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return head.equals(ByteBuffer.wrap(id.getBytes(US_ASCII)));
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) throws FetchException {
            List<Block> blocks = new ArrayList<>();
            for (StoredBlock one : stored) {
                blocks.add(new Block((long) blocks.size() * BLOCK, BLOCK, one));
            }
            return new ListIndex(id, blocks);
        }
    }

    private record ListIndex(String format, List<Block> blocks) implements Index {
        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    digest(DigestAlgorithm.SHA256, format.getBytes(US_ASCII)),
                    format,
                    (long) blocks.size() * BLOCK,
                    BLOCK,
                    XOR,
                    null,
                    -1,
                    Map.of(),
                    Verification.STORED);
        }

        @Override
        public Block block(long offset) {
            return blocks.get((int) (offset / BLOCK));
        }

        @Override
        public Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            return new Extent(offset, (long) blocks.size() * BLOCK - offset, false);
        }
    }
}
