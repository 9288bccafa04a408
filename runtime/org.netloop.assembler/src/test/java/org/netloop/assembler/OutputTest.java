package org.netloop.assembler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Tree;
import org.netloop.assembler.tree.TreeFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

class OutputTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @TempDir Path directory;

    @Test
    void itAppearsWhenItIsComplete() throws Exception {
        Path target = directory.resolve("out");
        try (Output output = Output.of(target)) {
            Tree tree =
                    new Tree()
                            .program("bin/x", Content.of("x"), "p")
                            .file("f", Content.of("ff"), "p")
                            .link("l", "f");
            TreeFiles.write(tree, TIME, output.aside());
            assertThat(target).doesNotExist();
            output.finish();
        }
        assertThat(target.resolve("l")).isSymbolicLink().hasContent("ff");
        assertThat(Files.getLastModifiedTime(target.resolve("bin")).toInstant()).isEqualTo(TIME);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(target.resolve("bin/x"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(directory).isDirectoryContaining(path -> path.equals(target));
    }

    @Test
    void nothingIsLeftOfWhatFailed() throws Exception {
        try (Output output = Output.of(directory.resolve("out"))) {
            Files.createDirectories(output.aside().resolve("half"));
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatWasLeftByAKilledWriterIsRemovedByTheNextOne() throws Exception {
        Path left =
                Files.createDirectories(directory.resolve(".out.netloop-0123456789abcdef/half"));
        Path lock = Files.createFile(directory.resolve(".out.netloop-0123456789abcdef.lock"));
        Path ofAnother = Files.createFile(directory.resolve(".out.netloop-notes"));
        try (Output first = Output.of(directory.resolve("out"))) {
            assertThat(left.getParent()).doesNotExist();
            assertThat(lock).doesNotExist();
            Files.createDirectories(first.aside());
            try (Output second = Output.of(directory.resolve("out"))) {
                assertThat(second.aside()).isNotEqualTo(first.aside());
                assertThat(first.aside()).isDirectory();
            }
        }
        assertThat(directory).isDirectoryContaining(path -> path.equals(ofAnother));
        Files.delete(ofAnother);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDirectoryIsNotReplaced() {
        assertThatThrownBy(() -> Output.of(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exists");
        assertThatThrownBy(() -> Output.of(directory.resolve("no/such")))
                .hasMessageContaining("is not a directory");
    }
}
