package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Extent;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.index.Reference;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Unavailable;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(60)
class EngineTest {
    private static final Duration PATIENCE = Duration.ofMillis(600);
    private static final int BLOCK = TestFormat.BLOCK;

    private final Engine engine = new Engine(1 << 20, Duration.ofSeconds(5));
    private final ScriptedTransport transport = new ScriptedTransport();
    private final TestFormat format = new TestFormat(transport);
    private final XorCodec codec = new XorCodec();
    private final MapCache plain = new MapCache();
    private final MapCache stored = new MapCache();

    @BeforeEach
    void installBackends() {
        engine.bindTransport(transport, Map.of(Transport.SCHEMES, new String[] {"test"}));
        engine.bindFormat(format, Map.of());
        engine.bindCodec(codec, Map.of());
    }

    private void installCaches() {
        engine.bindCache(plain, Map.of(BlockCache.TIER, BlockCache.TIER_PLAIN));
        engine.bindCache(stored, Map.of(BlockCache.TIER, BlockCache.TIER_STORED));
    }

    private OpenVolume open(String... hosts) throws Exception {
        return open(Arrays.stream(hosts).map(host -> URI.create("test://" + host + "/")).toList());
    }

    private OpenVolume open(List<URI> bases) throws Exception {
        return engine.open(
                new VolumeSpec(
                        "root",
                        new Reference(bases.getFirst(), null, null),
                        bases.subList(1, bases.size()),
                        PATIENCE));
    }

    private static byte[] read(OpenVolume volume, long offset, int length) throws Exception {
        ByteBuffer into = ByteBuffer.allocateDirect(length);
        volume.read(offset, into);
        assertThat(into.hasRemaining()).isFalse();
        byte[] bytes = new byte[length];
        into.flip().get(bytes);
        return bytes;
    }

    private byte[] expected(int offset, int length) {
        return Arrays.copyOfRange(format.image, offset, offset + length);
    }

    @Test
    void theWholeImageIsReadBackWithoutAnyCache() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, format.image.length)).isEqualTo(format.image);
        }
    }

    @Test
    void aMirrorWhoseFirstObjectLeadsNowhereIsNotTheOneToOpenBy() throws Exception {
        transport.faults.put("liar", (_, into) -> into.put("no such image".getBytes(US_ASCII)));
        try (OpenVolume volume = open("liar", "b")) {
            assertThat(volume.image().size()).isEqualTo(format.image.length);
        }
        assertThatThrownBy(() -> open("liar")).isInstanceOf(FetchException.Unsupported.class);
    }

    @Test
    void aRepositoryIsADirectoryWithAndWithoutASlash() throws Exception {
        transport.objects.put("/repo/entry", transport.objects.get("/entry"));
        open(List.of(URI.create("test://a/repo"))).close();
        open(List.of(URI.create("test://a/repo/"))).close();
        assertThat(transport.requests).allMatch(uri -> uri.getPath().equals("/repo/entry"));
    }

    @Test
    void rangesAcrossBlocksAreReadBack() throws Exception {
        installCaches();
        try (OpenVolume volume = open("a")) {
            for (int offset = 0; offset < format.image.length - 9000; offset += 777) {
                assertThat(read(volume, offset, 9000)).isEqualTo(expected(offset, 9000));
            }
        }
    }

    @Test
    void aBlockReadTwiceIsFetchedOnce() throws Exception {
        installCaches();
        try (OpenVolume volume = open("a")) {
            read(volume, 10, 100);
            read(volume, 200, 100);
        }
        assertThat(transport.requestsOf("/block0")).isEqualTo(1);
    }

    @Test
    void whatIsInMemoryIsReadWithoutWaiting() throws Exception {
        installCaches();
        try (OpenVolume volume = open("a")) {
            ByteBuffer into = ByteBuffer.allocate(100);
            assertThat(volume.readIfPresent(10, into)).isFalse();
            assertThat(into.position()).isZero();
            read(volume, 10, 100);
            assertThat(volume.readIfPresent(10, into)).isTrue();
            assertThat(into.array()).isEqualTo(expected(10, 100));
        }
    }

    @Test
    void aBlockOnDiskIsNotFetchedByTheNextProcess() throws Exception {
        installCaches();
        try (OpenVolume volume = open("a")) {
            read(volume, 0, 100);
        }
        plain.blocks.clear();
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, 100)).isEqualTo(expected(0, 100));
            assertThat(volume.status().storedHits()).isEqualTo(1);
        }
        assertThat(transport.requestsOf("/block0")).isEqualTo(1);
    }

    @Test
    void damageInTheCacheIsFetchedAnew() throws Exception {
        installCaches();
        stored.blocks.put(format.stored(1).key(), new byte[BLOCK]);
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, BLOCK, 100)).isEqualTo(expected(BLOCK, 100));
        }
        assertThat(stored.blocks.get(format.stored(1).key()))
                .isEqualTo(transport.objects.get("/block1"));
    }

    @Test
    void aBrokenCacheCostsNothingButTime() throws Exception {
        installCaches();
        plain.broken = true;
        stored.broken = true;
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, 100)).isEqualTo(expected(0, 100));
        }
    }

    @Test
    void aHoleIsNotFetched() throws Exception {
        try (OpenVolume volume = open("a")) {
            int before = transport.requests.size();
            assertThat(read(volume, (long) TestFormat.HOLE * BLOCK, BLOCK))
                    .isEqualTo(new byte[BLOCK]);
            assertThat(transport.requests).hasSize(before);
            assertThat(volume.extent(0, format.image.length))
                    .isEqualTo(new Extent(0, 3L * BLOCK, false));
            assertThat(volume.extent(3L * BLOCK + 5, 100))
                    .isEqualTo(new Extent(3L * BLOCK + 5, 100, true));
        }
    }

    @Test
    void manyReadersOfOneBlockShareOneFetch() throws Exception {
        installCaches();
        Semaphore gate = new Semaphore(0);
        try (OpenVolume volume = open("a");
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            transport.faults.put("a", (_, _) -> gate.acquire());
            List<Future<byte[]>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(readers.submit(() -> read(volume, 0, BLOCK)));
            }
            while (gate.getQueueLength() == 0) {
                Thread.onSpinWait();
            }
            gate.release(1000);
            for (Future<byte[]> one : all) {
                assertThat(one.get()).isEqualTo(expected(0, BLOCK));
            }
        }
        assertThat(transport.requestsOf("/block0")).isEqualTo(1);
    }

    @Test
    void aCorruptBlockIsFetchedFromTheNextMirrorAndNeverKept() throws Exception {
        installCaches();
        try (OpenVolume volume = open("liar", "honest")) {
            transport.faults.put("liar", (_, into) -> into.put(new byte[BLOCK]));
            assertThat(read(volume, 0, BLOCK)).isEqualTo(expected(0, BLOCK));
            MirrorState liar = volume.status().mirrors().getFirst();
            assertThat(liar.failures()).isEqualTo(1);
            assertThat(liar.condition()).isEqualTo(MirrorState.Condition.RESTING);
            assertThat(liar.lastFailure()).contains("digest");
        }
        assertThat(stored.blocks.get(format.stored(0).key()))
                .isEqualTo(transport.objects.get("/block0"));
    }

    @Test
    void everyKindOfFailureIsMadeGoodByASecondMirror() throws Exception {
        List<ScriptedTransport.Fault> faults =
                List.of(
                        (request, _) -> {
                            throw new FetchException.Missing(request.uri() + " is missing");
                        },
                        (request, _) -> {
                            throw new Unavailable(request.uri() + " answers 500", null);
                        },
                        (request, _) -> {
                            throw new FetchException.Denied(request.uri() + " answers 403");
                        },
                        (_, into) -> into.put((byte) 1),
                        (_, _) -> {
                            throw new IllegalStateException("a bug in the transport");
                        },
                        (_, _) -> {
                            throw new NoClassDefFoundError("a bug in its bundle");
                        });
        for (ScriptedTransport.Fault fault : faults) {
            transport.faults.clear();
            try (OpenVolume volume = open("bad", "good")) {
                transport.faults.put("bad", fault);
                assertThat(read(volume, 0, format.image.length)).isEqualTo(format.image);
            }
        }
    }

    @Test
    void withoutAGoodMirrorTheReaderIsToldInTimeAndTheVolumeRecovers() throws Exception {
        try (OpenVolume volume = open("a")) {
            transport.faults.put(
                    "a",
                    (request, _) -> {
                        throw new Unavailable(request.uri() + " refuses", null);
                    });
            long began = System.nanoTime();
            assertThatThrownBy(() -> read(volume, 0, 10))
                    .isInstanceOf(VolumeException.class)
                    .hasMessageContaining("block at 0")
                    .hasMessageContaining("test://a/block0 refuses");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(PATIENCE.plusSeconds(2));
            assertThat(volume.status().failedReads()).isEqualTo(1);
            assertThat(volume.status().failures().getFirst().message())
                    .contains("test://a/block0 refuses");
            transport.faults.clear();
            assertThat(read(volume, 0, 10)).isEqualTo(expected(0, 10));
        }
    }

    @Test
    void whatIsMissingEverywhereFailsAtOnce() throws Exception {
        try (OpenVolume volume = open("a", "b")) {
            transport.objects.remove("/block2");
            assertThatThrownBy(() -> read(volume, 2L * BLOCK, 10))
                    .hasMessageContaining("2 attempts at 2 mirrors");
        }
    }

    @Test
    void aBarredMirrorIsNotAskedAgainUntilTheListChanges() throws Exception {
        try (OpenVolume volume = open("barred", "good")) {
            transport.faults.put(
                    "barred",
                    (request, _) -> {
                        throw new FetchException.Denied(request.uri() + " answers 401");
                    });
            read(volume, 0, 10);
            long asked = transport.requestsTo("barred");
            read(volume, BLOCK, 10);
            assertThat(transport.requestsTo("barred")).isEqualTo(asked);
            assertThat(volume.status().mirrors().getFirst().condition())
                    .isEqualTo(MirrorState.Condition.BARRED);
        }
    }

    @Test
    void aCodecThatLeavesIsWaitedFor() throws Exception {
        try (OpenVolume volume = open("a");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            engine.unbindCodec(codec);
            Future<byte[]> read = threads.submit(() -> read(volume, 0, 10));
            while (transport.requestsOf("/block0") == 0) {
                Thread.onSpinWait();
            }
            assertThat(read.isDone()).isFalse();
            engine.bindCodec(new XorCodec(), Map.of());
            assertThat(read.get()).isEqualTo(expected(0, 10));
        }
    }

    @Test
    void aCodecThatWasNeverThereIsNamed() throws Exception {
        engine.unbindCodec(codec);
        Engine other = new Engine(1 << 20, Duration.ofSeconds(5));
        other.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        other.bindFormat(format, Map.of());
        VolumeSpec spec = new VolumeSpec("root", Reference.parse("test://a/"), List.of(), PATIENCE);
        try (OpenVolume volume = other.open(spec)) {
            assertThatThrownBy(() -> read(volume, 0, 10))
                    .hasMessageContaining("no codec 'xor' is installed");
        }
    }

    @Test
    void anInterruptedReaderLeavesTheFlightToTheOthers() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (OpenVolume volume = open("a");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            transport.faults.put("a", (_, _) -> gate.acquire());
            Future<byte[]> given = threads.submit(() -> read(volume, 0, 10));
            while (gate.getQueueLength() == 0) {
                Thread.onSpinWait();
            }
            Future<byte[]> kept = threads.submit(() -> read(volume, 0, 10));
            given.cancel(true);
            gate.release(100);
            assertThat(kept.get()).isEqualTo(expected(0, 10));
        }
    }

    @Test
    void aReadOutsideOfTheVolumeIsRefused() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertThatThrownBy(() -> read(volume, format.image.length - 5, 10))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> read(volume, -1, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void manyReadersNeedNoMoreBuffersThanThereAre() throws Exception {
        Engine narrow = new Engine(2L * BLOCK, Duration.ofSeconds(5));
        narrow.bindTransport(transport, Map.of(Transport.SCHEMES, "test"));
        narrow.bindFormat(format, Map.of());
        narrow.bindCodec(codec, Map.of());
        VolumeSpec spec = new VolumeSpec("root", Reference.parse("test://a/"), List.of(), PATIENCE);
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger good = new AtomicInteger();
        try (OpenVolume volume = narrow.open(spec);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    assertThat(read(volume, 0, format.image.length))
                                            .isEqualTo(format.image);
                                    return good.incrementAndGet();
                                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
        assertThat(good.get()).isEqualTo(64);
    }

    @Test
    void anImageThatIsNotThereIsToldAtOnce() {
        transport.objects.clear();
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("no image at test://a/");
    }

    @Test
    void anIndexOfNoInstalledFormatIsTold() {
        transport.objects.put("/entry", new byte[20]);
        assertThatThrownBy(() -> open("a"))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("formats installed: [test]");
    }

    @Test
    void verifyLooksAtTheMirrorWhateverTheCachesHave() throws Exception {
        installCaches();
        try (OpenVolume volume = open("a")) {
            read(volume, 0, BLOCK);
            assertThat(volume.verify(0).end()).isEqualTo(BLOCK);
            assertThat(transport.requestsOf("/block0")).isEqualTo(2);
            transport.objects.put("/block0", new byte[BLOCK]);
            assertThatThrownBy(() -> volume.verify(0)).hasMessageContaining("digest");
        }
    }
}
