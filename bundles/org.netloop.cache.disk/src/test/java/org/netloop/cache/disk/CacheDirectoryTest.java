package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Digest;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** Tests where blocks lie, and what is found and tidied after a restart. */
class CacheDirectoryTest {
    @TempDir Path base;

    private CacheDirectory files;

    @BeforeEach
    void open() throws IOException {
        files = CacheDirectory.open(base);
    }

    private void write(int n) throws IOException {
        files.write(FileCacheTest.key(n), FileCacheTest.block(n));
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void aBlockLiesBelowTheFirstDigitsOfItsKey() throws Exception {
        Digest key = FileCacheTest.key(1);
        write(1);
        String hex = key.hex();
        assertThat(base.resolve("v1").resolve(hex.substring(0, 2)).resolve("sha256-" + hex))
                .isRegularFile();
    }

    @Test
    void blocksAreFoundInTheOrderOfTheirUse() throws Exception {
        for (int n = 0; n < 3; n++) {
            write(n);
            age(files.file(FileCacheTest.key(n)), Duration.ofMinutes(10 + n));
        }
        assertThat(files.scan())
                .extracting(CacheDirectory.Found::key)
                .containsExactly(FileCacheTest.key(2), FileCacheTest.key(1), FileCacheTest.key(0));
        assertThat(files.scan()).allMatch(found -> found.size() == 10_012);
        assertThat(files.scan().getFirst().usedMillis())
                .isEqualTo(Files.getLastModifiedTime(files.file(FileCacheTest.key(2))).toMillis());
    }

    @Test
    void whatIsNotABlockIsPassedOver() throws Exception {
        write(1);
        Path folder = files.file(FileCacheTest.key(1)).resolveSibling("");
        Files.createFile(folder.resolve("README"));
        Files.createFile(folder.resolve("sha256-00"));
        Files.createFile(folder.resolve("sha999-" + FileCacheTest.key(1).hex()));
        Files.createSymbolicLink(
                folder.resolve("sha256-" + FileCacheTest.key(2).hex()), Path.of("README"));
        Files.copy(
                files.file(FileCacheTest.key(1)),
                files.aside().resolve(files.file(FileCacheTest.key(3)).getFileName()));
        assertThat(files.scan())
                .extracting(CacheDirectory.Found::key)
                .containsExactly(FileCacheTest.key(1));
    }

    @Test
    void whatADeadProcessLeftHalfWrittenIsRemovedAfterAnHour() throws Exception {
        Path old = Files.createFile(files.aside().resolve("old"));
        Path fresh = Files.createFile(files.aside().resolve("fresh"));
        age(old, Duration.ofMinutes(61));
        age(fresh, Duration.ofMinutes(50));
        files.scan();
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void anInterruptedLookEndsAtOnce() throws Exception {
        write(1);
        write(2);
        Thread.currentThread().interrupt();
        try {
            assertThat(files.scan()).hasSize(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aBlockThatCannotBeWrittenLeavesNothingBehind() throws Exception {
        Path place = files.file(FileCacheTest.key(1));
        Files.createDirectories(place.resolve("taken"));
        assertThatThrownBy(() -> write(1)).isInstanceOf(FileSystemException.class);
        try (Stream<Path> left = Files.list(files.aside())) {
            assertThat(left).isEmpty();
        }
        assertThatThrownBy(() -> Files.delete(place))
                .isInstanceOf(DirectoryNotEmptyException.class);
    }

    @Test
    void aDirectoryThatWasEmptiedMeanwhileIsMadeAgain() throws Exception {
        Files.delete(files.aside());
        write(1);
        assertThat(files.file(FileCacheTest.key(1))).isRegularFile();
    }

    @Test
    void deletingTakesWhateverLiesInABlocksPlace() throws Exception {
        Path place = files.file(FileCacheTest.key(1));
        Files.createDirectories(place.resolve("a/b"));
        Files.createFile(place.resolve("a/b/c"));
        files.delete(FileCacheTest.key(1));
        assertThat(place).doesNotExist();
        files.delete(FileCacheTest.key(1));
    }
}
