package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class LateCacheTest {
    private static final Watermarks MARKS = new Watermarks(8 << 20, 80, 70);

    @TempDir Path directory;

    private final List<Duration> pauses = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private FileCache opened() throws IOException {
        return new FileCache(directory.resolve("cache"), MARKS);
    }

    private void pass(Duration pause) {
        pauses.add(pause);
        now = now.plus(pause);
    }

    @Test
    void aDirectoryThatCannotBeUsedIsTriedAgainLessAndLessOften() throws Exception {
        LateCache cache =
                new LateCache(
                        directory,
                        () -> {
                            if (pauses.size() < 9) {
                                throw new FileSystemException("c", null, "Read-only file system");
                            }
                            return opened();
                        },
                        () -> now,
                        this::pass);
        cache.start();
        cache.awaitOpen();
        assertThat(pauses)
                .extracting(Duration::toSeconds)
                .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L, 300L);
        cache.put(FileCacheTest.key(1), FileCacheTest.block(1));
        assertThat(cache.contains(FileCacheTest.key(1))).isTrue();
        cache.close();
    }

    @Test
    void untilThenItIsEmptyAndKeepsNothing() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        LateCache cache =
                new LateCache(
                        directory,
                        () -> {
                            throw new IOException("down");
                        },
                        () -> now,
                        _ -> never.await());
        cache.start();
        cache.put(FileCacheTest.key(1), FileCacheTest.block(1));
        assertThat(cache.contains(FileCacheTest.key(1))).isFalse();
        assertThat(cache.get(FileCacheTest.key(1))).isNull();
        assertThat(cache.statistics().entries()).isZero();
        cache.remove(FileCacheTest.key(1));
        cache.close();
        cache.awaitOpen();
    }

    @Test
    void aDirectoryThatOthersMayWriteToIsNotUsed() throws Exception {
        Path open = Files.createDirectory(directory.resolve("open"));
        Files.setAttribute(open, "unix:mode", 0777);
        List<String> messages = new ArrayList<>();
        LateCache cache =
                new LateCache(
                        open,
                        () -> {
                            try {
                                return new FileCache(open, MARKS);
                            } catch (IOException e) {
                                messages.add(e.getMessage());
                                throw e;
                            }
                        },
                        () -> now,
                        pause -> {
                            pass(pause);
                            mend(open);
                        });
        cache.start();
        cache.awaitOpen();
        assertThat(messages)
                .singleElement()
                .satisfies(
                        message ->
                                assertThat(message)
                                        .contains("everybody may write to it")
                                        .contains("chmod go-w " + open.toRealPath()));
        cache.put(FileCacheTest.key(1), FileCacheTest.block(1));
        assertThat(cache.contains(FileCacheTest.key(1))).isTrue();
        cache.close();
    }

    @Test
    void whatIsOpenIsUsedAndClosed() throws Exception {
        FileCache opened = opened();
        LateCache cache = new LateCache(directory, () -> opened, () -> now, this::pass);
        assertThat(cache.isOpen()).isFalse();
        CacheDirectory.open(directory.resolve("cache"))
                .write(FileCacheTest.key(2), FileCacheTest.block(2));
        cache.start();
        assertThat(cache.isOpen()).isTrue();
        opened.settle();
        assertThat(cache.statistics().entries()).as("found").isEqualTo(1);
        cache.put(FileCacheTest.key(1), FileCacheTest.block(1));
        ByteBuffer memory = memoryOf(cache);
        assertThat(cache.statistics().hits()).isEqualTo(1);
        cache.remove(FileCacheTest.key(1));
        assertThat(cache.statistics().entries()).isEqualTo(1);
        assertThat(pauses).isEmpty();
        assertThat(memory.get(0)).isEqualTo(FileCacheTest.block(1).get(0));
        cache.close();
        assertThatThrownBy(() -> memory.get(0)).isInstanceOf(IllegalStateException.class);
    }

    /** Returns memory that the cache keeps until it is closed. */
    private static ByteBuffer memoryOf(BlockCache cache) {
        try (BlockCache.Cached held = cache.get(FileCacheTest.key(1))) {
            assertThat(held).isNotNull();
            return held.bytes();
        }
    }

    @Test
    void whatOpensWhileItIsClosedIsClosedToo() throws Exception {
        FileCache late = opened();
        late.put(FileCacheTest.key(1), FileCacheTest.block(1));
        ByteBuffer memory = memoryOf(late);
        LateCache cache = new LateCache(directory, () -> late, () -> now, this::pass);
        cache.close();
        cache.start();
        assertThat(cache.isOpen()).isFalse();
        assertThatThrownBy(() -> memory.get(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoeverClosesItAwaitsAnOpeningThatIsUnderWay() throws Exception {
        Thread closer = Thread.currentThread();
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean awaited = new AtomicBoolean();
        LateCache cache =
                new LateCache(
                        directory,
                        () -> {
                            if (Thread.currentThread() == closer) {
                                throw new IOException("not at first");
                            }
                            inside.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                            while (closer.getState() == Thread.State.RUNNABLE) {
                                Thread.onSpinWait();
                            }
                            awaited.set(true);
                            throw new IOException("told to give up");
                        },
                        () -> now,
                        _ -> {});
        cache.start();
        inside.await();
        cache.close();
        assertThat(awaited).isTrue();
    }

    private static void mend(Path directory) {
        try {
            Files.setAttribute(directory, "unix:mode", 0755);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
