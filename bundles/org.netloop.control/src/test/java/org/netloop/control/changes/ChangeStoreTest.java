package org.netloop.control.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.control.changes.BundleChange.State;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;

/**
 * Tests a store that two processes share while one takes the place of the other, and kept changes
 * and configurations that somebody edited or that a disk damaged.
 */
final class ChangeStoreTest {
    @TempDir private Path directory;

    private static BundleChange stopped(String name) {
        return new BundleChange(name, "1.0.0", State.STOPPED, null);
    }

    @Test
    void whatTheFormerProcessKeepsMeanwhileTheSuccessorKeepsToo() throws Exception {
        ChangeStore former = new ChangeStore(directory);
        ChangeStore successor = new ChangeStore(directory);
        former.put(stopped("a"));
        successor.put(stopped("b"));
        assertThat(new ChangeStore(directory).bundles())
                .extracting(BundleChange::name)
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aSuccessorThatCannotReadTheFileLeavesItToTheFormer() throws Exception {
        ChangeStore former = new ChangeStore(directory);
        former.put(stopped("a"));
        Path file = directory.resolve("changes.json");
        String newer = Files.readString(file).replaceFirst("\"form\" *: *1", "\"form\":2");
        Files.writeString(file, newer);
        assertThat(new ChangeStore(directory).bundles()).isEmpty();
        assertThat(file).hasContent(newer);
        former.put(stopped("b"));
        assertThat(new ChangeStore(directory).bundles())
                .extracting(BundleChange::name)
                .containsExactly("a", "b");
    }

    @Test
    void whatASuccessorKeptThatDidNotComeUpIsKept() throws Exception {
        ChangeStore former = new ChangeStore(directory);
        new ChangeStore(directory).put(stopped("a"));
        former.put(stopped("b"));
        assertThat(new ChangeStore(directory).bundles())
                .extracting(BundleChange::name)
                .containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"form\":1,\"bundles\":[",
                "{\"form\":1,\"bundles\":null}",
                "{\"form\":1,\"bundles\":\"none\"}",
                "{\"form\":1,\"bundles\":[null]}",
                "{\"form\":1,\"bundles\":[{\"name\":\"a\",\"over\":\"1\",\"state\":\"WALKS\"}]}",
                "{\"form\":1,\"features\":7}",
                "{\"form\":2}",
            })
    void whatIsNotOursIsSetAside(String text) throws IOException {
        Path file = write("changes.json", text);

        ChangeStore store = new ChangeStore(directory);

        assertThat(store.bundles()).isEmpty();
        assertThat(store.features()).isEmpty();
        assertThat(file).hasContent(text);
        store.put(stopped("a"));
        assertThat(directory.resolve("changes.json.unreadable")).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{", "{\"files\":[],\"since\":\"x\"}", "{\"a\":nul}"})
    void aDamagedSnapshotIsToldInWords(String text) throws IOException {
        Path file = write("config/7.json", text);
        ConfigHistory history = new ConfigHistory(directory, Clock.systemUTC());

        assertThatIOException()
                .isThrownBy(() -> history.get(7))
                .withMessageStartingWith(file + " is ")
                .withMessageNotContainingAny("`", "Source", "Exception", ": null");
    }

    @Test
    void theMessageOfADamagedSnapshotHasNothingOfItsText() throws IOException {
        write("config/7.json", "{\"files\":{\"a.json\":\"s3cret\"},,");
        ConfigHistory history = new ConfigHistory(directory, Clock.systemUTC());

        assertThatIOException().isThrownBy(() -> history.get(7)).withMessageNotContaining("s3cret");
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
