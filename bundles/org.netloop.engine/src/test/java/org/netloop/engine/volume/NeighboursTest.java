package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.netloop.api.volume.VolumeException;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Stored blocks side by side in one object, of which some are wanted at a time. */
@Timeout(60)
class NeighboursTest {
    private static final String FILE = "/file";
    private static final int BLOCK = 64 << 10;
    private static final int BLOCKS = 40;

    /** Number of the first block after a gap in the file. */
    private static final int AFTER_GAP = 30;

    private static final int DAMAGED = 5;

    private Duration patience = Duration.ofSeconds(30);
    private final Engine engine = new Engine(2 << 20, Duration.ofMillis(100));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final MapCache plain = new MapCache();
    private final MapCache stored = new MapCache();
    private final List<Block> blocks = new ArrayList<>();
    private final byte[] image = new byte[BLOCK * BLOCKS];
    private final byte[] file = new byte[image.length + 100];

    @BeforeEach
    void publishAndInstall() {
        new Random(1).nextBytes(image);
        ByteBuffer all = ByteBuffer.wrap(file);
        for (int number = 0; number < BLOCKS; number++) {
            if (number == AFTER_GAP) {
                all.position(all.position() + 100);
            }
            byte[] bytes = XorCodec.flip(image, number * BLOCK, BLOCK);
            Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
            StoredBlock where = StoredBlock.range(digest, "", all.position(), BLOCK, "xor");
            blocks.add(new Block((long) number * BLOCK, BLOCK, where));
            all.put(bytes);
        }
        transport.objects.put(FILE, file);
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindFormat(new FileFormat(), Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
    }

    private void installCaches() {
        engine.bindCache(plain, Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
    }

    private OpenVolume open(String... hosts) throws Exception {
        List<URI> bases =
                Arrays.stream(hosts).map(host -> URI.create("test://" + host + FILE)).toList();
        OpenVolume volume =
                engine.open(
                        new VolumeSpec(
                                "root",
                                new Reference(bases.getFirst(), null, null),
                                bases.subList(1, bases.size()),
                                patience));
        transport.requests.clear();
        return volume;
    }

    private static byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        return into.array();
    }

    private byte[] expected(int offset, int length) {
        return Arrays.copyOfRange(image, offset, offset + length);
    }

    @Test
    void oneRequestFetchesThemUpToAMebibyte() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, BLOCK, 16 * BLOCK)).isEqualTo(expected(BLOCK, 16 * BLOCK));
            assertThat(transport.requests).hasSize(1);
            transport.requests.clear();
            assertThat(read(volume, 0, image.length)).isEqualTo(image);
            // 16, 14 up to the gap, 10.
            assertThat(transport.requests).hasSize(3);
            assertThat(Measured.number(volume, "fetched_bytes"))
                    .isGreaterThanOrEqualTo(image.length + 16 * BLOCK);
        }
    }

    @Test
    void eachIsKeptByItselfAndNeverFetchedAgain() throws Exception {
        installCaches();
        try (OpenVolume volume = open("a")) {
            read(volume, 0, 8 * BLOCK);
            read(volume, 0, 8 * BLOCK);
            assertThat(transport.requests).hasSize(1);
        }
        // And the mark that the image was opened.
        assertThat(stored.blocks).hasSize(8 + 1);
        plain.blocks.clear();
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, 12 * BLOCK)).isEqualTo(expected(0, 12 * BLOCK));
            assertThat(transport.requests).hasSize(1);
            assertThat(Measured.number(volume, "fetched_bytes")).isLessThan(5 * BLOCK);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "garbage", "short", "missing"})
    void aRangeThatFailsIsFetchedBlockByBlock(String how) throws Exception {
        patience = Duration.ofSeconds(2);
        transport.faults.put(
                "a",
                (request, into) -> {
                    if (request.length() > BLOCK) {
                        switch (how) {
                            case "refused" ->
                                    throw new FetchException.Unavailable("no long ranges", null);
                            case "missing" -> throw new FetchException.Missing("no long ranges");
                            case "garbage" -> into.put(new byte[(int) request.length()]);
                            default -> into.put(new byte[10]);
                        }
                    }
                });
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, 8 * BLOCK)).isEqualTo(expected(0, 8 * BLOCK));
            assertThat(Measured.number(volume, "failed_reads")).isZero();
        }
    }

    @Test
    void theOneThatIsDamagedComesFromTheNextMirror() throws Exception {
        byte[] damaged = file.clone();
        damaged[DAMAGED * BLOCK + 17] ^= 1;
        transport.faults.put(
                "bad",
                (request, into) ->
                        into.put(damaged, (int) request.offset(), (int) request.length()));
        installCaches();
        try (OpenVolume volume = open("bad", "good")) {
            assertThat(read(volume, 0, 8 * BLOCK)).isEqualTo(expected(0, 8 * BLOCK));
            assertThat(transport.requestsTo("bad")).isEqualTo(2);
            assertThat(transport.requestsTo("good")).isEqualTo(1);
        }
        assertThat(stored.blocks.get(blocks.get(DAMAGED).stored().orElseThrow().key()))
                .isEqualTo(XorCodec.flip(image, DAMAGED * BLOCK, BLOCK));
    }

    @Test
    void aFailureTellsTheBlockAndComesInTime() throws Exception {
        patience = Duration.ofSeconds(2);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.length() >= BLOCK) {
                        throw new FetchException.Unavailable("is down", null);
                    }
                });
        try (OpenVolume volume = open("a")) {
            assertThatThrownBy(() -> read(volume, 0, 8 * BLOCK))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("block at ")
                    .hasMessageContaining("is down");
        }
    }

    @Test
    void manyReadersOfSmallMemoryAllGetTheirBytes() throws Exception {
        try (OpenVolume volume = open("a");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int seed = 0; seed < 64; seed++) {
                Random random = new Random(seed);
                int offset = random.nextInt(image.length - 1);
                int length = 1 + random.nextInt(image.length - offset - 1);
                all.add(
                        threads.submit(
                                () -> {
                                    assertThat(read(volume, offset, length))
                                            .isEqualTo(expected(offset, length));
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private final class FileFormat implements IndexFormat {
        @Override
        public String id() {
            return "file";
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
            return new FileIndex();
        }
    }

    private final class FileIndex implements Index {
        @Override
        public ImageInfo image() {
            return new ImageInfo(
                    Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(image)),
                    "file",
                    image.length,
                    BLOCK,
                    "xor",
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
        public @Nullable Block blockIfLoaded(long offset) {
            return block(offset);
        }

        @Override
        public Extent extent(long offset) {
            return new Extent(offset, image.length - offset, false);
        }
    }
}
