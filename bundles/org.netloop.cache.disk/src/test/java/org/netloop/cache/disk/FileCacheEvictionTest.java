package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Tests what a cache evicts, and what it does when its medium is full or fails. */
class FileCacheEvictionTest {
    @TempDir Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final List<FileCache> open = new ArrayList<>();

    private FileCache open(Watermarks watermarks, InstantSource clock) throws IOException {
        FileCache cache = new FileCache(directory, watermarks, clock, nanos::get);
        open.add(cache);
        cache.start();
        return cache;
    }

    private FileCache open(Watermarks watermarks) throws IOException {
        return open(watermarks, InstantSource.system());
    }

    @AfterEach
    void close() {
        open.forEach(FileCache::close);
    }

    private static void put(FileCache cache, int n) throws IOException {
        cache.put(FileCacheTest.key(n), FileCacheTest.block(n));
    }

    private static boolean got(FileCache cache, int n) {
        try (BlockCache.Cached got = cache.get(FileCacheTest.key(n))) {
            if (got != null) {
                assertThat(got.bytes()).isEqualTo(FileCacheTest.block(n));
            }
            return got != null;
        }
    }

    @Test
    void itEvictsFromTheHighWatermarkToTheLow() throws Exception {
        FileCache cache = open(new Watermarks(1_000_000, 80, 40));
        for (int n = 0; n < 79; n++) {
            put(cache, n);
        }
        cache.settle();
        assertThat(cache.statistics().evictions()).isZero();
        put(cache, 79);
        cache.settle();
        assertThat(cache.statistics().bytes()).isBetween(380_000L, 400_000L);
        assertThat(cache.contains(FileCacheTest.key(79))).isTrue();
        assertThat(cache.contains(FileCacheTest.key(0))).isFalse();
    }

    @Test
    void whatWasUsedLastStays() throws Exception {
        FileCache cache = open(new Watermarks(1_000_000, 80, 20));
        for (int n = 0; n < 79; n++) {
            put(cache, n);
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(got(cache, 0)).isTrue();
        put(cache, 79);
        cache.settle();
        assertThat(cache.contains(FileCacheTest.key(0))).isTrue();
        assertThat(cache.contains(FileCacheTest.key(1))).isFalse();
    }

    /** Puts blocks from that number on until one fails; returns its number. */
    private static int fill(FileCache cache, int from) {
        for (int n = from; ; n++) {
            try {
                put(cache, n);
            } catch (IOException _) {
                return n;
            }
        }
    }

    @Test
    void aFullDiskIsToldAndGotOver() throws Exception {
        Machine.needsRoot("mounting a small disk");
        AtomicLong seconds = new AtomicLong();
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (FileCache cache =
                new FileCache(
                        small,
                        new Watermarks(8 << 20, 80, 70),
                        () -> Instant.ofEpochSecond(seconds.get()),
                        nanos::get)) {
            cache.start();
            int full = fill(cache, 0);
            cache.settle();
            assertThat(cache.statistics().evictions()).isBetween(full / 8L, full / 8L + 1);
            put(cache, full);
            assertThat(cache.contains(FileCacheTest.key(full))).as("during the pause").isFalse();
            // A success in between makes the next pause as short as the first one.
            for (int round = 0; round < 2; round++) {
                seconds.addAndGet(5);
                put(cache, full);
                assertThat(got(cache, full)).isTrue();
                full = fill(cache, full + 1);
                cache.settle();
            }
        } finally {
            run("umount", small.toString());
        }
    }

    @Test
    void evictionEndsExactlyAtTheLowWatermark() throws Exception {
        FileCache cache = open(new Watermarks(1_000_000, 80, 40));
        ByteBuffer block = ByteBuffer.allocate(10_000 - BlockFile.HEADER_LENGTH);
        for (int n = 0; n < 81; n++) {
            cache.put(FileCacheTest.key(n), block.duplicate());
        }
        cache.settle();
        assertThat(cache.statistics().bytes()).isEqualTo(400_000);
        assertThat(cache.statistics().evictions()).isEqualTo(41);
    }

    private Path fileOf(int n) throws IOException {
        return CacheDirectory.open(directory).file(FileCacheTest.key(n));
    }

    @Test
    void whatLiesThereSinceLongIsEvictedFirstAfterARestart() throws Exception {
        FileCache first = open(new Watermarks(1_000_000, 80, 70));
        for (int n = 0; n < 10; n++) {
            put(first, n);
        }
        first.close();
        for (int n = 0; n < 10; n++) {
            Instant used = Instant.now().minus(Duration.ofMinutes(n));
            Files.setLastModifiedTime(fileOf(n), FileTime.from(used));
        }
        FileCache second =
                new FileCache(directory, new Watermarks(100_000, 50, 40), Instant::now, nanos::get);
        open.add(second);
        // A use before the directory was looked through counts.
        assertThat(got(second, 9)).isTrue();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        second.start();
        second.settle();
        assertThat(second.statistics().entries()).isEqualTo(3);
        for (int n : new int[] {0, 1, 9}) {
            assertThat(second.contains(FileCacheTest.key(n))).as("block %d", n).isTrue();
        }
    }

    @Test
    void aMediumThatKeepsFailingIsTriedLessAndLessOften() throws Exception {
        AtomicLong seconds = new AtomicLong();
        FileCache cache =
                open(new Watermarks(8 << 20, 80, 70), () -> Instant.ofEpochSecond(seconds.get()));
        Path aside = directory.resolve("v1/tmp");
        Files.delete(aside);
        Files.createFile(aside); // nothing can be written below a file
        List<Long> failures = new ArrayList<>();
        for (; seconds.get() < 1000; seconds.incrementAndGet()) {
            try {
                put(cache, 1);
            } catch (IOException _) {
                failures.add(seconds.get());
            }
        }
        assertThat(failures).containsExactly(0L, 5L, 15L, 35L, 75L, 155L, 315L, 615L, 915L);
        Files.delete(aside);
        seconds.set(1215);
        put(cache, 1);
        assertThat(cache.contains(FileCacheTest.key(1))).isTrue();
    }

    @Test
    void aFileSystemBeyondItsWatermarkIsRelieved() throws Exception {
        Machine.needsRoot("mounting a small disk");
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (FileCache whole = new FileCache(small, new Watermarks(0, 50, 25))) {
            whole.start();
            for (int n = 0; n < 60; n++) {
                put(whole, n);
            }
            whole.settle();
            assertThat(whole.statistics().evictions()).isPositive();
            assertThat(Files.getFileStore(small).getUsableSpace()).isGreaterThan(500_000);
            assertThat(whole.statistics().budget()).isEqualTo(512 << 10);
        } finally {
            run("umount", small.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
