package org.netloop.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

class StorageTest {
    @TempDir Path temporary;

    private Path left(String name) throws IOException {
        Path directory = Files.createDirectory(temporary.resolve(Storage.PREFIX + name));
        Files.writeString(Files.createDirectory(directory.resolve("framework")).resolve("a"), "a");
        return directory;
    }

    @Test
    void nobodyElseMayLookIntoIt() throws IOException {
        Storage storage = Storage.make(temporary.resolve("new"));

        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(storage.directory())))
                .isEqualTo("rwx------");
        storage.delete();
        assertThat(storage.directory()).doesNotExist();
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path abandoned = left("abandoned");
        Files.writeString(abandoned.resolve("lock"), "");

        Storage storage = Storage.make(temporary);

        assertThat(abandoned).doesNotExist();
        storage.delete();
    }

    /**
     * A file held by a living process is left alone, whatever its PID: a process in another PID
     * namespace is not visible.
     */
    @Test
    void whatALivingProcessHoldsIsLeftAlone() throws Exception {
        Path held = left("held");
        Path lock = Files.writeString(held.resolve("lock"), "");
        Process holder =
                new ProcessBuilder(
                                "python3",
                                "-c",
                                "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.lockf(f,"
                                        + " fcntl.LOCK_EX); print('held', flush=True);"
                                        + " sys.stdin.read()",
                                lock.toString())
                        .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");

            Storage.make(temporary).delete();
            assertThat(held).isDirectory();
        } finally {
            holder.getOutputStream().close();
            assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        Storage.make(temporary).delete();
        assertThat(held).doesNotExist();
    }

    @Test
    void whatHasNoLockIsLeftAloneButForOldAndEmptyOnes() throws IOException {
        Path filled = left("filled");
        Path empty = Files.createDirectory(temporary.resolve(Storage.PREFIX + "empty"));
        Path old = Files.createDirectory(temporary.resolve(Storage.PREFIX + "old"));
        Path other = Files.createDirectory(temporary.resolve("netloop-12-x"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

        Storage.make(temporary).delete();

        assertThat(filled).isDirectory();
        assertThat(empty).isDirectory();
        assertThat(other).isDirectory();
        assertThat(old).doesNotExist();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("lock"), "");
        Files.createSymbolicLink(temporary.resolve(Storage.PREFIX + "link"), elsewhere);

        Storage.make(temporary).delete();

        assertThat(elsewhere.resolve("lock")).exists();
    }
}
