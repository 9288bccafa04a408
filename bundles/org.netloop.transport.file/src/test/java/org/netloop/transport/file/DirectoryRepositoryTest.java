package org.netloop.transport.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;
import org.netloop.tck.RepositoryContract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
            repository.put("a", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
        }
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void othersLieBesideAnImageThatIsOneFile() throws IOException {
        Path file = directory.resolve("images/disk");
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
        try (Repository repository = new DirectoryRepository(file)) {
            assertThatThrownBy(() -> repository.length("../store/a"))
                    .isInstanceOf(IllegalArgumentException.class);
            try (ObjectWriter writer = repository.write("")) {
                assertThat(
                                repository.putOnce(
                                        "../store/a", bytes.duplicate(), Repository.Kind.BLOCK))
                        .isFalse();
                assertThat(
                                repository.putOnce(
                                        "../store/a", bytes.duplicate(), Repository.Kind.BLOCK))
                        .isTrue();
                for (String path : List.of("a", "../../a", "../disk", "../.netloop/a", "..")) {
                    assertThatThrownBy(() -> repository.length(path))
                            .as(path)
                            .isInstanceOf(IllegalArgumentException.class);
                }
                repository.sync();
                assertThat(file).doesNotExist();
                writer.write(bytes.duplicate());
                writer.finish();
            }
        }
        assertThat(file).hasBinaryContent(bytes.array());
        assertThat(file.resolveSibling("store/a")).hasBinaryContent(bytes.array());
    }

    @Test
    void manyPublishersBeginAtOnce() throws Exception {
        for (int round = 0; round < 100; round++) {
            Path made = directory.resolve("round-" + round);
            try (Repository repository = new DirectoryRepository(made);
                    ExecutorService threads = Executors.newFixedThreadPool(8)) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    String path = "blocks/" + i;
                    all.add(
                            threads.submit(
                                    () -> {
                                        repository.put(
                                                path,
                                                ByteBuffer.allocate(1),
                                                Repository.Kind.BLOCK);
                                        return null;
                                    }));
                }
                for (Future<?> one : all) {
                    one.get();
                }
            }
        }
    }
}
