package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tests the cache as it is configured. */
class DiskCacheTest {
    @TempDir Path directory;

    private static DiskCache.Config config(Map<String, Object> values) {
        return (DiskCache.Config)
                Proxy.newProxyInstance(
                        DiskCache.Config.class.getClassLoader(),
                        new Class<?>[] {DiskCache.Config.class},
                        (_, method, _) ->
                                values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    @Test
    void itKeepsBlocksWithinItsBudgetInItsDirectory() throws Exception {
        DiskCache cache =
                new DiskCache(
                        config(Map.of("directory", directory.toString(), "budget_mib", 100L)));
        cache.start();
        cache.put(FileCacheTest.key(1), FileCacheTest.block(1));
        assertThat(cache.contains(FileCacheTest.key(1))).isTrue();
        try (BlockCache.Cached got = cache.get(FileCacheTest.key(1))) {
            assertThat(got).isNotNull();
            assertThat(got.bytes()).isEqualTo(FileCacheTest.block(1));
        }
        assertThat(cache.statistics().budget()).isEqualTo(80L << 20);
        assertThat(cache.statistics().entries()).isEqualTo(1);
        assertThat(directory.resolve("v1")).isDirectory();
        cache.remove(FileCacheTest.key(1));
        assertThat(cache.contains(FileCacheTest.key(1))).isFalse();
        assertThat(cache.check()).noneMatch(one -> one.message().contains("cannot be used"));
        cache.stop();
    }

    @Test
    void withoutABudgetTheFileSystemBoundsIt() throws Exception {
        DiskCache cache =
                new DiskCache(
                        config(
                                Map.of(
                                        "directory",
                                        directory.toString(),
                                        "high_watermark_percent",
                                        100)));
        cache.start();
        assertThat(cache.statistics().budget())
                .isEqualTo(Files.getFileStore(directory).getTotalSpace());
        cache.stop();
    }

    @Test
    void aDirectoryThatCannotBeUsedIsToldByItsHealthAndFailsNothing() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        DiskCache cache = new DiskCache(config(Map.of("directory", file.toString())));
        cache.start();
        cache.put(FileCacheTest.key(1), FileCacheTest.block(1));
        assertThat(cache.get(FileCacheTest.key(1))).isNull();
        assertThat(cache.check())
                .singleElement()
                .satisfies(
                        finding ->
                                assertThat(finding.message())
                                        .isEqualTo(
                                                "it cannot be used, and nothing is kept on disk"));
        cache.stop();
    }

    @Test
    void aDirectoryIsNeeded() {
        for (Map<String, Object> none : List.of(Map.<String, Object>of(), blank())) {
            assertThatThrownBy(() -> new DiskCache(config(none)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("set 'directory' of org.netloop.cache.disk");
        }
    }

    private static Map<String, Object> blank() {
        return Map.of("directory", " ");
    }
}
