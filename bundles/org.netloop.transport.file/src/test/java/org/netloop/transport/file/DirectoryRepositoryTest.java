package org.netloop.transport.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.Repository;
import org.netloop.tck.RepositoryContract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

class DirectoryRepositoryTest extends RepositoryContract {
    @TempDir Path directory;

    @Override
    protected Repository open() throws IOException {
        return new DirectoryRepository(directory.resolve("repository"));
    }

    @Test
    void whatADeadPublisherLeftIsRemoved() throws IOException {
        Path aside = Files.createDirectories(directory.resolve("repository/.netloop/tmp"));
        Path old = Files.writeString(aside.resolve("1-1"), "part");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path fresh = Files.writeString(aside.resolve("1-2"), "part");
        try (Repository repository = open()) {
            repository.put("a", ByteBuffer.allocate(1), Repository.Kind.IMMUTABLE);
        }
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }
}
