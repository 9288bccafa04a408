package org.netloop.control.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

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
}
