package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.tck.BlockCacheContract;
import org.netloop.tck.Machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

class FileCacheTest extends BlockCacheContract {
    private static final int MUTATIONS = 3000;

    @TempDir Path directory;

    private final List<FileCache> open = new ArrayList<>();

    @Override
    protected BlockCache cache(long budget) throws IOException {
        return open(new Watermarks(budget, 80, 70));
    }

    private FileCache open(Watermarks watermarks) throws IOException {
        FileCache cache = new FileCache(directory, watermarks);
        cache.start();
        open.add(cache);
        return cache;
    }

    @Override
    protected void settle(BlockCache cache) throws InterruptedException {
        ((FileCache) cache).settle();
    }

    @AfterEach
    void close() {
        open.forEach(FileCache::close);
    }

    static Digest key(int n) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(4).putInt(0, n));
    }

    static ByteBuffer block(int n) {
        byte[] bytes = new byte[10_000];
        new Random(n).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static void assertGotOrNothing(BlockCache cache, int n) {
        try (BlockCache.Cached got = cache.get(key(n))) {
            if (got != null) {
                assertThat(got.bytes()).isEqualTo(block(n));
            }
        }
    }

    @Test
    void blocksOutliveTheProcess() throws Exception {
        FileCache first = open(new Watermarks(8 << 20, 80, 70));
        for (int n = 0; n < 20; n++) {
            first.put(key(n), block(n));
        }
        first.close();
        FileCache second = open(new Watermarks(8 << 20, 80, 70));
        second.settle();
        assertThat(second.statistics().entries()).isEqualTo(20);
        for (int n = 0; n < 20; n++) {
            try (BlockCache.Cached got = second.get(key(n))) {
                assertThat(got).isNotNull();
                assertThat(got.bytes()).isEqualTo(block(n));
            }
        }
    }

    @Test
    void twoProcessesShareADirectory() throws Exception {
        FileCache one = open(new Watermarks(8 << 20, 80, 70));
        FileCache other = open(new Watermarks(8 << 20, 80, 70));
        one.put(key(1), block(1));
        try (BlockCache.Cached got = other.get(key(1))) {
            assertThat(got).isNotNull();
        }
        other.remove(key(1));
        assertThat(one.get(key(1))).isNull();
    }

    @Test
    void itEvictsFromTheHighWatermarkToTheLow() throws Exception {
        FileCache cache = open(new Watermarks(1_000_000, 80, 40));
        for (int n = 0; n < 79; n++) {
            cache.put(key(n), block(n));
        }
        cache.settle();
        assertThat(cache.statistics().evictions()).isZero();
        cache.put(key(79), block(79));
        cache.settle();
        assertThat(cache.statistics().bytes()).isBetween(380_000L, 400_000L);
        assertThat(cache.contains(key(79))).isTrue();
        assertThat(cache.contains(key(0))).isFalse();
    }

    @Test
    void whatWasUsedLastStays() throws Exception {
        FileCache cache = open(new Watermarks(1_000_000, 80, 20));
        for (int n = 0; n < 79; n++) {
            cache.put(key(n), block(n));
        }
        assertGotOrNothing(cache, 0);
        cache.put(key(79), block(79));
        cache.settle();
        assertThat(cache.contains(key(0))).isTrue();
        assertThat(cache.contains(key(1))).isFalse();
    }

    @Test
    void noDamageIsEverServed() throws Exception {
        FileCache cache = open(new Watermarks(8 << 20, 80, 70));
        CacheDirectory files = CacheDirectory.open(directory);
        cache.put(key(1), block(1));
        byte[] whole = Files.readAllBytes(files.file(key(1)));
        Random random = new Random(2006);
        for (int round = 0; round < MUTATIONS; round++) {
            byte[] mutated =
                    Arrays.copyOf(
                            whole,
                            random.nextInt(4) == 0
                                    ? random.nextInt(whole.length + 10)
                                    : whole.length);
            if (mutated.length > 0) {
                mutated[
                                random.nextInt(
                                        random.nextBoolean()
                                                ? Math.min(16, mutated.length)
                                                : mutated.length)] ^=
                        (byte) (1 << random.nextInt(8));
            }
            Files.write(files.file(key(1)), mutated);
            assertGotOrNothing(cache, 1);
        }
        assertThat(cache.statistics().damaged()).isGreaterThan(MUTATIONS / 2);
    }

    @Test
    void aBlockInAnothersPlaceIsDamage() throws Exception {
        FileCache cache = open(new Watermarks(8 << 20, 80, 70));
        CacheDirectory files = CacheDirectory.open(directory);
        cache.put(key(1), block(1));
        cache.put(key(2), block(2));
        Files.copy(files.file(key(1)), files.file(key(2)), StandardCopyOption.REPLACE_EXISTING);
        assertThat(cache.get(key(2))).isNull();
    }

    @Test
    void aDirectoryInABlocksPlaceIsCleared() throws Exception {
        FileCache cache = open(new Watermarks(8 << 20, 80, 70));
        CacheDirectory files = CacheDirectory.open(directory);
        Files.createDirectories(files.file(key(1)).resolve("what"));
        assertThat(cache.get(key(1))).isNull();
        cache.put(key(1), block(1));
        try (BlockCache.Cached got = cache.get(key(1))) {
            assertThat(got).isNotNull();
        }
    }

    @Test
    void aKilledProcessLeavesAUsableCache() throws Exception {
        for (int round = 0; round < 4; round++) {
            Process writer =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElseThrow(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    PutForever.class.getName(),
                                    directory.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try {
                // It tells when it has begun.
                assertThat(writer.getInputStream().read()).isEqualTo('.');
            } finally {
                writer.destroyForcibly();
            }
            assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
            FileCache cache = open(new Watermarks(64 << 20, 80, 70));
            for (int n = 0; n < 2000; n++) {
                assertGotOrNothing(cache, n);
            }
            assertThat(cache.statistics().hits()).isPositive();
            cache.put(key(-1), block(-1));
            assertThat(cache.contains(key(-1))).isTrue();
        }
    }

    @Test
    void aFullDiskIsToldAndGotOver() throws Exception {
        Machine.needsRoot("mounting a small disk");
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (FileCache cache = new FileCache(small, new Watermarks(8 << 20, 80, 70))) {
            cache.start();
            int failures = 0;
            for (int n = 0; n < 200; n++) {
                try {
                    cache.put(key(n), block(n));
                } catch (IOException _) {
                    failures++;
                }
                assertGotOrNothing(cache, n);
            }
            assertThat(failures).isBetween(1, 3);
            assertGotOrNothing(cache, 0);
            assertThat(cache.statistics().hits()).isPositive();
        } finally {
            run("umount", small.toString());
        }
    }

    @Test
    void allOfItIsItsOwnersOnly() throws Exception {
        FileCache cache = open(new Watermarks(8 << 20, 80, 70));
        cache.put(key(1), block(1));
        try (Stream<Path> all = Files.walk(directory.resolve("v1"))) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void aMediumThatKeepsFailingIsTriedLessAndLessOften() throws Exception {
        AtomicLong seconds = new AtomicLong();
        FileCache cache =
                new FileCache(
                        directory,
                        new Watermarks(8 << 20, 80, 70),
                        () -> Instant.ofEpochSecond(seconds.get()));
        open.add(cache);
        Path aside = directory.resolve("v1/tmp");
        Files.delete(aside);
        Files.createFile(aside); // nothing can be written below a file
        List<Long> failures = new ArrayList<>();
        for (; seconds.get() < 1000; seconds.incrementAndGet()) {
            try {
                cache.put(key(1), block(1));
            } catch (IOException _) {
                failures.add(seconds.get());
            }
        }
        assertThat(failures).containsExactly(0L, 5L, 15L, 35L, 75L, 155L, 315L, 615L, 915L);
        Files.delete(aside);
        seconds.set(1215);
        cache.put(key(1), block(1));
        assertThat(cache.contains(key(1))).isTrue();
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
    }
}
