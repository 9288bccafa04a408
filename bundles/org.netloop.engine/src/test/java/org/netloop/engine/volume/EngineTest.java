package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Reference;
import org.netloop.api.status.Measure;
import org.netloop.api.transport.Transport;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads that go well. */
@Timeout(60)
class EngineTest extends InstalledEngine {
    @Test
    void theWholeImageIsReadBackWithoutAnyCache() throws Exception {
        try (OpenVolume volume = open("a")) {
            assertThat(read(volume, 0, format.image.length)).isEqualTo(format.image);
        }
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
            assertThat(volume.measures())
                    .extracting(Measure::toString)
                    .contains("netloop_volume_cache_hits{volume=\"root\",tier=\"stored\"} 1");
        }
        assertThat(transport.requestsOf("/block0")).isEqualTo(1);
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
}
