package org.netloop.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

class HeldLockTest {
    @TempDir Path directory;

    @Test
    void whatIsHeldIsNotAbandonedUntilItIsLetGo() throws Exception {
        Path file = Files.createFile(directory.resolve("lock"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                HeldLock _ = HeldLock.hold(file, channel)) {
            assertThat(HeldLock.deleteIfAbandoned(file, () -> {})).isFalse();
            assertThat(file).exists();
        }
        Path stands = Files.createFile(directory.resolve("stands for it"));
        assertThat(HeldLock.deleteIfAbandoned(file, () -> Files.delete(stands))).isTrue();
        assertThat(file).doesNotExist();
        assertThat(stands).doesNotExist();
        assertThat(HeldLock.deleteIfAbandoned(file, () -> {})).isFalse();
    }

    @Test
    void aFileReachedThroughALinkedDirectoryIsTheSame() throws Exception {
        Path file = Files.createFile(directory.resolve("lock"));
        Path link =
                Files.createSymbolicLink(
                        Files.createDirectory(directory.resolve("sub")).resolve("link"), directory);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                HeldLock _ = HeldLock.hold(file, channel)) {
            assertThat(HeldLock.deleteIfAbandoned(link.resolve("lock"), () -> {})).isFalse();
        }
    }

    @Test
    void aFileThatNobodyMayWriteToIsLookedAt() throws Exception {
        // Mostly nobody, root included, may write to a program that runs.
        Path running = Path.of(ProcessHandle.current().info().command().orElseThrow());
        assumeThat(running).isRegularFile();
        assumeThat(opensForWriting(running)).isFalse();
        assertThat(HeldLock.isHeld(running)).isFalse();
    }

    private static boolean opensForWriting(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.isOpen();
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void whatIsHeldInThisProcessIsSeen() throws Exception {
        Path file = Files.createFile(directory.resolve("lock"));
        assertThat(HeldLock.isHeld(file)).isFalse();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                HeldLock _ = HeldLock.hold(file, channel)) {
            assertThat(HeldLock.isHeld(file)).isTrue();
        }
        assertThat(HeldLock.isHeld(file)).isFalse();
    }

    @Test
    void whatWasDeletedBeforeItWasHeldIsNotHeld() throws Exception {
        Path file = Files.createFile(directory.resolve("lock"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(HeldLock.deleteIfAbandoned(file, () -> {})).isTrue();
            assertThatThrownBy(() -> HeldLock.hold(file, channel))
                    .isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeThatSomebodyPlantedIsLeftAlone() throws Exception {
        Path planted = directory.resolve("lock");
        assumeThat(makesPipe(planted)).isTrue();
        assertThat(HeldLock.deleteIfAbandoned(planted, () -> {})).isFalse();
        assertThat(planted).exists();
    }

    private static boolean makesPipe(Path path) throws InterruptedException {
        try {
            return new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0;
        } catch (IOException _) {
            return false; // no mkfifo here
        }
    }
}
