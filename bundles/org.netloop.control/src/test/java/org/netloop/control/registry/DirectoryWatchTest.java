package org.netloop.control.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(60)
class DirectoryWatchTest {
    private static final Duration EVERY = Duration.ofMillis(10);

    @TempDir private Path parent;

    private final BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();

    private void awaitTold() throws InterruptedException {
        assertThat(told.poll(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void whatComesChangesAndGoesIsToldAlsoWhereNoDirectoryWas() throws Exception {
        Path directory = parent.resolve("later");
        try (DirectoryWatch _ =
                new DirectoryWatch(directory, "*.jar", EVERY, () -> told.add(true))) {
            Files.createDirectory(directory);
            Files.writeString(directory.resolve("a.jar"), "one");
            awaitTold();
            Files.writeString(directory.resolve("a.jar"), "another");
            awaitTold();
            Files.delete(directory.resolve("a.jar"));
            awaitTold();
        }
    }

    @Test
    void aFailureIsNotTheLast() throws Exception {
        try (DirectoryWatch _ =
                new DirectoryWatch(
                        parent,
                        "*.json",
                        EVERY,
                        () -> {
                            told.add(true);
                            throw new IllegalStateException("on purpose");
                        })) {
            Files.writeString(parent.resolve("a.json"), "one");
            awaitTold();
            Files.writeString(parent.resolve("b.json"), "two");
            awaitTold();
        }
    }

    @Test
    void nothingOfItRunsOnceItIsClosedThoughItWasInTheMiddle() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        Files.writeString(parent.resolve("a.json"), "one");
        DirectoryWatch watch =
                new DirectoryWatch(
                        parent,
                        "*.json",
                        EVERY,
                        () -> {
                            begun.countDown();
                            awaitInterrupt();
                            ended.set(true);
                        });
        begun.await();
        watch.close();
        assertThat(ended).isTrue();
    }

    /** Waits like code that swallows an interrupt, and takes its time to end. */
    private static void awaitInterrupt() {
        while (!Thread.interrupted()) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 1000; i++) {
            Thread.yield();
        }
    }

    @Test
    void whoClosesItIsInterruptedStillIfItWas() {
        Thread.currentThread().interrupt();
        new DirectoryWatch(parent, "*.json", EVERY, () -> {}).close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void itMayBeClosedByWhatItCalls() throws Exception {
        Files.writeString(parent.resolve("a.json"), "one");
        CompletableFuture<DirectoryWatch> itself = new CompletableFuture<>();
        itself.complete(
                new DirectoryWatch(
                        parent,
                        "*.json",
                        EVERY,
                        () -> {
                            itself.join().close();
                            told.add(true);
                        }));
        awaitTold();
    }
}
