package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.tck.BlockCacheContract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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
}
