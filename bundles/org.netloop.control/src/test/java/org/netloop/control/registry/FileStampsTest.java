package org.netloop.control.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** Tests looks at a directory that cannot be read for a moment. */
class FileStampsTest {
    @TempDir private Path directory;

    /** A directory whose reading fails, as one of a server that is away. */
    private static DirectoryStream<Path> broken() {
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                throw new DirectoryIteratorException(new IOException("stale file handle"));
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Test
    void oneThatFailsChangesNothingAndEndsNothing() throws Exception {
        Files.createFile(directory.resolve("a.json"));
        FileStamps before = FileStamps.NONE.again(directory, "*.json");
        assertThat(before.again(directory, FileStampsTest::broken)).isEqualTo(before);
        Files.createFile(directory.resolve("b.json"));
        assertThat(before.again(directory, "*.json").files()).hasSize(2);
    }
}
