package org.netloop.transport.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.ObjectWriter;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Entry;
import org.netloop.tck.Machine;
import org.netloop.tck.RepositoryContract;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
    void eachPublisherWritesAsideInADirectoryOfItsOwnAndLeavesNothing() throws Exception {
        Path aside = directory.resolve("repository/.netloop/tmp");
        try (Repository one = open();
                Repository other = open()) {
            one.put("a", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
            other.put("b", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
            one.put("c", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
            assertThat(aside).isDirectoryNotContaining("regex:.*/[0-9]+-[0-9]+");
            assertThat(Files.list(aside)).hasSize(4); // a directory and a lock each
        }
        assertThat(aside).isEmptyDirectory();
    }

    /** Killed in a container, where each process has the number of the one before. */
    @Test
    void whatAKilledPublisherLeftIsDeletedByTheNext() throws Exception {
        Path repository = directory.resolve("repository");
        Process killed =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                PutAndWait.class.getName(),
                                repository.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Path aside = repository.resolve(".netloop/tmp");
        try (BufferedReader said = killed.inputReader()) {
            assertThat(said.readLine()).isEqualTo("put");
            try (Repository other = open()) {
                other.put("b", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
                assertThat(Files.list(aside)).hasSize(4); // that of the living one stays
            }
            assertThat(Files.list(aside)).hasSize(2);
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertThat(Files.list(aside)).hasSize(2);
        try (Repository next = open()) {
            next.put("c", ByteBuffer.allocate(1), Repository.Kind.BLOCK);
            assertThat(Files.list(aside)).hasSize(2);
        }
        assertThat(aside).isEmptyDirectory();
    }

    @Test
    void whatIsThereIsNotWrittenOnceMoreAndCountsAsNew() throws Exception {
        Path file = directory.resolve("repository/blocks/a");
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});
        try (Repository repository = open()) {
            repository.putOnce("blocks/a", bytes.duplicate(), Repository.Kind.BLOCK);
            Object first = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            Instant old = Instant.now().minus(Duration.ofDays(9));
            Files.setLastModifiedTime(file, FileTime.from(old));
            assertThat(repository.putOnce("blocks/a", bytes.duplicate(), Repository.Kind.BLOCK))
                    .isTrue();
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            assertThat(now.fileKey()).isEqualTo(first);
            assertThat(now.lastModifiedTime().toInstant()).isAfter(old.plus(Duration.ofDays(8)));
        }
    }

    @Test
    void aFullDiskIsToldByNameAndNothingIsLeft() throws Exception {
        Machine.needsRoot("mounting a small disk");
        Path small = Files.createDirectory(directory.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        try (Repository repository = new DirectoryRepository(small.resolve("r"))) {
            repository.put("blocks/a", ByteBuffer.allocate(1000), Repository.Kind.BLOCK);
            for (String path : List.of("blocks/b", "channels/c")) {
                assertThatThrownBy(
                                () ->
                                        repository.put(
                                                path,
                                                ByteBuffer.allocate(2 << 20),
                                                Repository.Kind.BLOCK))
                        .hasMessageContaining(small.resolve("r").resolve(path).toString())
                        .hasMessageContaining("the file system is full: ")
                        .hasMessageContaining(small + " (tmpfs)");
            }
            try (ObjectWriter writer = repository.write("long")) {
                assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(2 << 20)))
                        .hasMessageContaining(small.resolve("r/long").toString());
            }
            assertThat(repository.list("")).extracting(Entry::path).containsExactly("blocks/a");
            repository.put("blocks/b", ByteBuffer.allocate(100_000), Repository.Kind.BLOCK);
        } finally {
            run("umount", small.toString());
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(String.join(" ", command))
                .isZero();
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
