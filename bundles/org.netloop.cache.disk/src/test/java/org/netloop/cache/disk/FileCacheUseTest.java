package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Tests what use, damage and other processes do to the files of a cache. */
class FileCacheUseTest {
    private static final Watermarks MARKS = new Watermarks(8 << 20, 80, 70);

    @TempDir Path directory;

    private FileCache cache;

    @BeforeEach
    void open() throws IOException {
        cache = new FileCache(directory, MARKS);
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private Path put(int n) throws IOException {
        cache.put(FileCacheTest.key(n), FileCacheTest.block(n));
        return CacheDirectory.open(directory).file(FileCacheTest.key(n));
    }

    private boolean got(int n) {
        try (BlockCache.Cached got = cache.get(FileCacheTest.key(n))) {
            return got != null;
        }
    }

    private static Instant aged(Path file, Duration age) throws IOException {
        FileTime then = FileTime.from(Instant.now().minus(age));
        Files.setLastModifiedTime(file, then);
        return Files.getLastModifiedTime(file).toInstant();
    }

    private static boolean isRecent(Path file) throws IOException {
        return Files.getLastModifiedTime(file)
                .toInstant()
                .isAfter(Instant.now().minus(Duration.ofMinutes(10)));
    }

    /** The next process evicts in the order of these times. */
    @Test
    void aUseIsNotedAtTheFileOnceAnHour() throws Exception {
        Path file = put(1);
        Instant noted = aged(file, Duration.ofMinutes(30));
        assertThat(got(1)).isTrue();
        assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(noted);
        cache.close();
        aged(file, Duration.ofMinutes(70));
        cache = new FileCache(directory, MARKS);
        cache.start();
        cache.settle();
        assertThat(got(1)).isTrue();
        assertThat(isRecent(file)).isTrue();
    }

    @Test
    void whatAnotherProcessPutIsKnownOnceItIsUsed() throws Exception {
        Path file = put(1);
        aged(file, Duration.ofMinutes(70));
        try (FileCache other = new FileCache(directory, MARKS)) {
            assertThat(other.statistics().bytes()).isZero();
            try (BlockCache.Cached got = other.get(FileCacheTest.key(1))) {
                assertThat(got).isNotNull();
            }
            assertThat(isRecent(file)).isTrue();
            assertThat(other.statistics().bytes()).isEqualTo(Files.size(file));
            assertThat(cache.statistics().bytes()).isEqualTo(Files.size(file));
        }
    }

    @Test
    void whatAnotherProcessRemovedIsAMissAndTakesNoRoom() throws Exception {
        Files.delete(put(1));
        assertThat(got(1)).isFalse();
        assertThat(cache.contains(FileCacheTest.key(1))).isFalse();
        assertThat(cache.statistics().bytes()).isZero();
        assertThat(cache.statistics().misses()).isEqualTo(1);
        assertThat(cache.statistics().damaged()).isZero();
    }

    @Test
    void aDamagedBlockIsDeletedCountedAndPutAnew() throws Exception {
        Path file = put(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1]++;
        Files.write(file, bytes);
        assertThat(got(1)).isFalse();
        assertThat(file).doesNotExist();
        assertThat(cache.statistics().damaged()).isEqualTo(1);
        assertThat(cache.statistics().misses()).isEqualTo(1);
        assertThat(cache.statistics().hits()).isZero();
        put(1);
        assertThat(got(1)).isTrue();
    }

    @Test
    void aFileThatWasCutOrHasMoreIsDamaged() throws Exception {
        for (int length : new int[] {0, 11, 12, 13, 10_011, 10_013}) {
            Path file = put(length);
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
            assertThat(got(length)).as("%d bytes", length).isFalse();
        }
        assertThat(cache.statistics().damaged()).isEqualTo(6);
    }

    @Test
    void anInterruptedReaderMissesAndDropsNothing() throws Exception {
        Path file = put(1);
        Thread.currentThread().interrupt();
        assertThat(got(1)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).exists();
        assertThat(got(1)).isTrue();
        assertThat(cache.statistics().damaged()).isZero();
    }

    @Test
    void anInterruptedPutDoesNotPauseTheOthers() throws Exception {
        put(0);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> put(1)).isInstanceOf(ClosedByInterruptException.class);
        assertThat(Thread.interrupted()).isTrue();
        put(2);
        assertThat(got(2)).isTrue();
    }

    @Test
    void aClosedBlockIsNotReadAnyMore() throws Exception {
        put(1);
        BlockCache.Cached got = cache.get(FileCacheTest.key(1));
        assertThat(got).isNotNull();
        got.close();
        assertThatThrownBy(got::bytes)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the block was closed");
    }

    @Test
    void nothingIsKeptOfAnEmptyBlockOrOneBeyondTheLimit() throws Exception {
        cache.put(FileCacheTest.key(1), ByteBuffer.allocate(0));
        assertThat(cache.contains(FileCacheTest.key(1))).isFalse();
        int limit = (int) cache.statistics().budget();
        cache.put(FileCacheTest.key(2), ByteBuffer.allocate(limit + 1));
        assertThat(cache.contains(FileCacheTest.key(2))).isFalse();
        cache.put(FileCacheTest.key(3), ByteBuffer.allocate(limit));
        assertThat(cache.contains(FileCacheTest.key(3))).isTrue();
    }

    @Test
    void aFileThatCannotBeOpenedIsAMissAndIsLeft() throws Exception {
        Path file = CacheDirectory.open(directory).file(FileCacheTest.key(1));
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, file.getFileName());
        assertThat(got(1)).isFalse();
        assertThat(file).isSymbolicLink();
        assertThat(cache.statistics().misses()).isEqualTo(1);
        assertThat(cache.statistics().damaged()).isZero();
    }
}
