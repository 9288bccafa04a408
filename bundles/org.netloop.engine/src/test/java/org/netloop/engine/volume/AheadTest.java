package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Pack;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

@Timeout(60)
class AheadTest {
    private static final int BLOCK = TestFormat.BLOCK;
    private static final String PATH = "/profiles/boot";

    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat format = new TestFormat(transport);
    private final MapCache stored = new MapCache();
    private Profile profile = profile(5, 2, TestFormat.HOLE, 6);

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(new XorCodec(), Map.of());
        engine.bindCache(new MapCache(), Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
        engine.bindProfiles(new OneProfile(), Map.of());
    }

    /** Whatever the document is, it means that profile. */
    private final class OneProfile implements ProfileFormat {
        @Override
        public String path(Digest image, String name) {
            return "profiles/" + name;
        }

        @Override
        public Stream<String> objects(Repository repository, Digest image) {
            return Stream.of("profiles/" + Profile.BOOT);
        }

        @Override
        public Profile read(String object, ByteBuffer document) {
            return profile;
        }

        @Override
        public ByteBuffer write(Profile any) {
            throw new UnsupportedOperationException("nobody writes here");
        }
    }

    private Profile profile(int... blocks) {
        return new Profile(
                Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(format.image)),
                Profile.BOOT,
                Arrays.stream(blocks)
                        .mapToObj(block -> new Profile.Entry((long) block * BLOCK, BLOCK, 0))
                        .toList(),
                null);
    }

    private OpenVolume open(Prefetch prefetch) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        Reference.parse("test://a/"),
                        List.of(),
                        Duration.ofSeconds(5),
                        prefetch));
    }

    private byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(length);
        volume.read(offset, into);
        return into.array();
    }

    private byte[] expected(long offset, int length) {
        return Arrays.copyOfRange(format.image, (int) offset, (int) offset + length);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** How many blocks the stored cache has, beside the object the image was found by. */
    private long kept() {
        return IntStream.range(0, TestFormat.BLOCKS)
                .filter(number -> number != TestFormat.HOLE)
                .filter(number -> stored.blocks.containsKey(format.stored(number).key()))
                .count();
    }

    private List<String> blocksAsked() {
        return transport.requests.stream()
                .map(uri -> uri.getPath().substring(1))
                .filter(path -> path.startsWith("block"))
                .toList();
    }

    private void whenTheProfileIsAsked(ScriptedTransport.Fault fault) {
        transport.faults.put(
                "a",
                (request, into) -> {
                    if (request.uri().getPath().equals(PATH)) {
                        fault.happen(request, into);
                    }
                });
    }

    @Test
    void theBlocksOfAProfileAreFetchedBeforeTheyAreRead() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 3);
            assertThat(blocksAsked()).containsExactlyInAnyOrder("block5", "block2", "block6");
            assertThat(read(volume, 5L * BLOCK, BLOCK)).isEqualTo(expected(5L * BLOCK, BLOCK));
            assertThat(transport.requestsOf("/block5")).isEqualTo(1);
            assertThat(volume.status().ahead().blocks()).isEqualTo(3);
            assertThat(volume.status().ahead().profile()).isEqualTo("boot, 100 %");
        }
    }

    @Test
    void aMissingProfileCostsOneRequestAndDelaysNothing() throws Exception {
        Semaphore gate = new Semaphore(0);
        whenTheProfileIsAsked(
                (_, _) -> {
                    gate.acquire();
                    throw new FetchException.Denied("nobody may list this bucket");
                });
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            assertThat(read(volume, 0, 100)).isEqualTo(expected(0, 100));
            gate.release();
            await(() -> gate.getQueueLength() == 0 && transport.requestsOf(PATH) == 1);
            assertThat(read(volume, BLOCK, 100)).isEqualTo(expected(BLOCK, 100));
            assertThat(volume.status().mirrors().getFirst().failures()).isZero();
        }
    }

    @Test
    void theSearchForAProfileEndsWithItsVolume() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        whenTheProfileIsAsked(
                (_, _) -> {
                    asked.countDown();
                    try {
                        new Semaphore(0).acquire();
                    } catch (InterruptedException e) {
                        told.countDown();
                        throw e;
                    }
                });
        try (OpenVolume _ = open(Prefetch.AUTO)) {
            asked.await();
        }
        assertThat(told.await(3, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aReaderJoinsWhatIsUnderWay() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        Semaphore gate = new Semaphore(0);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PREFETCH
                            && request.uri().getPath().equals("/block5")) {
                        gate.acquire();
                    }
                });
        try (OpenVolume volume = open(Prefetch.AUTO);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            await(gate::hasQueuedThreads);
            Future<byte[]> joins = readers.submit(() -> read(volume, 5L * BLOCK, 10));
            assertThat(read(volume, 0, 10)).isEqualTo(expected(0, 10));
            await(() -> volume.status().reads() == 1);
            gate.release();
            assertThat(joins.get()).isEqualTo(expected(5L * BLOCK, 10));
        }
        assertThat(transport.requestsOf("/block5")).isEqualTo(1);
    }

    @Test
    void aReaderWhoJoinedAFlightThatFailsGetsOneOfItsOwn() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        Semaphore gate = new Semaphore(0);
        transport.faults.put(
                "a",
                (request, _) -> {
                    if (request.purpose() == FetchPurpose.PREFETCH
                            && request.uri().getPath().equals("/block5")) {
                        gate.acquire();
                        throw new FetchException.Missing("not for you");
                    }
                });
        try (OpenVolume volume = open(Prefetch.AUTO);
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            await(gate::hasQueuedThreads);
            Future<byte[]> joins = readers.submit(() -> read(volume, 5L * BLOCK, 10));
            gate.release(10);
            assertThat(joins.get()).isEqualTo(expected(5L * BLOCK, 10));
        }
    }

    @Test
    void wrongBytesThatComeEarlyAreNeverKept() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        transport.objects.put("/block5", new byte[BLOCK]);
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 2);
            await(() -> volume.status().flights() == 0);
            assertThat(stored.blocks).doesNotContainKey(format.stored(5).key());
        }
    }

    private void putPack(int... blocks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Pack.Piece> pieces = new ArrayList<>();
        for (int block : blocks) {
            bytes.writeBytes(transport.objects.get("/" + TestFormat.path(block)));
            pieces.add(new Pack.Piece(format.stored(block).key(), format.stored(block).length()));
        }
        transport.objects.put("/packs/p", bytes.toByteArray());
        Profile bare = profile;
        profile =
                new Profile(bare.image(), bare.name(), bare.entries(), new Pack("packs/p", pieces));
        transport.objects.put(PATH, new byte[1]);
    }

    @Test
    void whatLiesInAPackComesInOneRequest() throws Exception {
        putPack(5, 2);
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 3);
            await(() -> volume.status().flights() == 0);
            assertThat(transport.requestsOf("/packs/p")).isEqualTo(1);
            assertThat(blocksAsked()).containsExactly("block6");
            assertThat(read(volume, 2L * BLOCK, BLOCK)).isEqualTo(expected(2L * BLOCK, BLOCK));
        }
    }

    @Test
    void aDamagedPackIsDoneWithout() throws Exception {
        putPack(5, 2);
        transport.objects.computeIfPresent(
                "/packs/p",
                (_, bytes) -> {
                    bytes[BLOCK + 5]++;
                    return bytes;
                });
        try (OpenVolume volume = open(Prefetch.AUTO)) {
            await(() -> kept() == 3);
            await(() -> volume.status().flights() == 0);
            assertThat(blocksAsked()).containsExactlyInAnyOrder("block5", "block2", "block6");
        }
    }

    @Test
    void aSequentialReaderFindsWhatComesNext() throws Exception {
        try (OpenVolume volume = open(new Prefetch("", true, 0))) {
            read(volume, 0, BLOCK);
            read(volume, BLOCK, BLOCK);
            read(volume, 2L * BLOCK, 10);
            await(() -> kept() >= 5);
            read(volume, 4L * BLOCK, BLOCK);
            read(volume, 5L * BLOCK, BLOCK);
            await(() -> kept() == TestFormat.BLOCKS - 1);
            assertThat(read(volume, 0, format.image.length)).isEqualTo(format.image);
        }
        assertThat(blocksAsked()).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsFetchedAheadWhereThatIsNotWanted() throws Exception {
        transport.objects.put(PATH, new byte[1]);
        try (OpenVolume volume = open(Prefetch.NONE)) {
            read(volume, 0, 2 * BLOCK);
            await(() -> volume.status().flights() == 0);
        }
        assertThat(transport.requestsOf(PATH)).isZero();
        assertThat(blocksAsked()).containsExactlyInAnyOrder("block0", "block1");
    }

    @Test
    void theRestIsFilledInWhileNobodyWaits() throws Exception {
        try (OpenVolume volume = open(Prefetch.NONE.withFill(1 << 30))) {
            await(() -> kept() == TestFormat.BLOCKS - 1);
            await(() -> volume.status().ahead().filled() == 1);
        }
    }

    @Test
    void aRecordingHasEachBlockOnceInItsOrder() throws Exception {
        try (OpenVolume volume = open(Prefetch.NONE)) {
            Recording recording = volume.record("work");
            read(volume, 4L * BLOCK, 10);
            read(volume, 10, 10);
            read(volume, 4L * BLOCK, 10);
            read(volume, (long) TestFormat.HOLE * BLOCK, 10);
            assertThat(recording.blocks()).isEqualTo(2);
            assertThat(recording.profile().entries())
                    .extracting(Profile.Entry::offset)
                    .containsExactly(4L * BLOCK, 0L);
            assertThat(recording.profile().name()).isEqualTo("work");
            recording.close();
            read(volume, BLOCK, 10);
            assertThat(recording.blocks()).isEqualTo(2);
        }
    }

    @Test
    void theEndOfARecordingThatWasSucceededLeavesItsSuccessor() throws Exception {
        try (OpenVolume volume = open(Prefetch.NONE)) {
            Recording first = volume.record("work");
            Recording second = volume.record("work");
            first.close();
            read(volume, BLOCK, 10);
            assertThat(first.blocks()).isZero();
            assertThat(second.blocks()).isEqualTo(1);
        }
    }
}
