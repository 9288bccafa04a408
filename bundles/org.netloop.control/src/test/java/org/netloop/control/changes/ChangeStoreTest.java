package org.netloop.control.changes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.control.changes.BundleChange.State;

import java.nio.file.Files;
import java.nio.file.Path;

/** Tests a store that two processes share while one takes the place of the other. */
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
}
