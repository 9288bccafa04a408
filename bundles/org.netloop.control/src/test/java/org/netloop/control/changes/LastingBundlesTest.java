package org.netloop.control.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.control.TestBundle;
import org.netloop.control.TestFramework;
import org.netloop.control.bundles.BundleManager;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Tests which changes of bundles the next process makes again. */
@Timeout(60)
final class LastingBundlesTest {
    private static final String NAME = "com.example.fold";
    private static final Clock NOW =
            Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);

    @TempDir private Path directory;

    private int processes;

    /** A change that a test makes in one process. */
    private interface Change {
        void make(LastingBundles bundles) throws Exception;
    }

    /** Runs a process that brings a version of the bundle; returns the versions that run then. */
    private List<String> process(String brought, Change change) throws Exception {
        Path own = Files.createDirectory(directory.resolve("process" + ++processes));
        try (TestFramework framework =
                TestFramework.start(
                        own.resolve("framework"),
                        Map.of(
                                Constants.FRAMEWORK_BSNVERSION,
                                Constants.FRAMEWORK_BSNVERSION_MULTIPLE))) {
            if (!brought.isEmpty()) {
                install(framework, jar(own.resolve("brought.jar"), brought));
            }
            LastingBundles bundles =
                    new LastingBundles(
                            new BundleManager(
                                    framework.context(),
                                    own.resolve("storage"),
                                    Duration.ofSeconds(10)),
                            new ChangeStore(directory.resolve("kept")),
                            NOW);
            bundles.restore();
            change.make(bundles);
            return Arrays.stream(framework.context().getBundles())
                    .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                    .filter(bundle -> NAME.equals(bundle.getSymbolicName()))
                    .map(bundle -> bundle.getVersion().toString())
                    .toList();
        }
    }

    private static void install(TestFramework framework, Path jar) throws BundleException {
        framework.context().installBundle("reference:" + jar.toUri()).start();
    }

    private Path jar(String version) throws IOException {
        return jar(directory.resolve("fold-" + version + ".jar"), version);
    }

    private static Path jar(Path file, String version) throws IOException {
        return TestBundle.write(
                file,
                NAME,
                Map.of(Constants.BUNDLE_VERSION, version, "Service-Component", "OSGI-INF/*.xml"));
    }

    private List<Path> keptJars() throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve("kept/bundles"))) {
            return all.toList();
        }
    }

    @Test
    void anInstalledBundleIsBackWithWhatItWasMadeFrom() throws Exception {
        Path jar = jar("1.0.0");
        process("", bundles -> bundles.install(jar));
        Files.delete(jar);
        assertThat(
                        process(
                                "",
                                bundles ->
                                        assertThat(bundles.changes())
                                                .singleElement()
                                                .satisfies(
                                                        row ->
                                                                assertThat(row)
                                                                        .containsEntry(
                                                                                "from",
                                                                                jar.toString())
                                                                        .containsEntry(
                                                                                "since",
                                                                                "2026-11-30T12:00:00Z")
                                                                        .containsEntry("aside", "")
                                                                        .containsKey("digest"))))
                .containsExactly("1.0.0");
    }

    @Test
    void anUpdateIsBackAndARollbackForgetsIt() throws Exception {
        Path jar = jar("2.0.0");
        process("1.0.0", bundles -> bundles.update(jar));
        assertThat(process("1.0.0", bundles -> bundles.rollback(NAME))).containsExactly("1.0.0");
        assertThat(process("1.0.0", bundles -> assertThat(bundles.changes()).isEmpty()))
                .containsExactly("1.0.0");
        assertThat(keptJars()).isEmpty();
    }

    @Test
    void whatWasRemovedOrStoppedStaysSo() throws Exception {
        process("1.0.0", bundles -> bundles.stop(NAME));
        assertThat(process("1.0.0", _ -> {})).isEmpty();
        assertThat(process("1.0.0", bundles -> bundles.start(NAME))).containsExactly("1.0.0");
        process("1.0.0", bundles -> bundles.uninstall(NAME));
        assertThat(process("1.0.0", _ -> {})).isEmpty();
        Path jar = jar("3.0.0");
        process("1.0.0", bundles -> bundles.install(jar));
        assertThat(process("1.0.0", _ -> {})).containsExactly("3.0.0");
    }

    @Test
    void aKeptFileWithAnotherDigestIsSetAside() throws Exception {
        Path jar = jar("2.0.0");
        process("1.0.0", bundles -> bundles.update(jar));
        Path kept = keptJars().getFirst();
        Files.write(kept, new byte[] {0}, StandardOpenOption.APPEND);
        assertThat(
                        process(
                                "1.0.0",
                                bundles ->
                                        assertThat(bundles.aside().get(NAME))
                                                .contains("has the digest")))
                .containsExactly("1.0.0");
    }

    @Test
    void aNewerVersionThatCameWithTheDeploymentIsUsed() throws Exception {
        Path jar = jar("2.0.0");
        process("1.0.0", bundles -> bundles.update(jar));
        assertThat(process("1.5.0", _ -> {})).containsExactly("2.0.0");
        assertThat(
                        process(
                                "2.1.0",
                                bundles ->
                                        assertThat(bundles.aside().get(NAME))
                                                .contains("newer than 2.0.0")))
                .containsExactly("2.1.0");
    }

    @Test
    void aDeliberateOlderVersionIsBack() throws Exception {
        Path jar = jar("0.9.0");
        process("1.0.0", bundles -> bundles.update(jar));
        assertThat(process("1.0.0", _ -> {})).containsExactly("0.9.0");
    }

    @Test
    void anUnreadableListIsSetAside() throws Exception {
        Path jar = jar("2.0.0");
        process("1.0.0", bundles -> bundles.update(jar));
        Path list = directory.resolve("kept/changes.json");
        Files.write(list, new byte[] {'{'});
        assertThat(process("1.0.0", _ -> {})).containsExactly("1.0.0");
        Path aside = list.resolveSibling("changes.json.unreadable");
        assertThat(aside).as("before there is another one").doesNotExist();
        process("1.0.0", bundles -> bundles.stop(NAME));
        assertThat(aside).hasBinaryContent(new byte[] {'{'});
        assertThat(keptJars()).as("named by what was set aside").hasSize(1);
        Files.delete(aside);
        process("1.0.0", bundles -> bundles.start(NAME));
        assertThat(keptJars()).isEmpty();
    }

    @Test
    void aJarThatCannotBeRemovedLeavesTheChangesInForce() throws Exception {
        Path jar = jar("2.0.0");
        process("1.0.0", bundles -> bundles.update(jar));
        Files.createDirectories(directory.resolve("kept/bundles/full/of-something"));
        assertThat(
                        process(
                                "1.0.0",
                                bundles ->
                                        assertThat(bundles.stop(NAME)).doesNotContain("not kept")))
                .isEmpty();
        assertThat(directory.resolve("kept/changes.json.unreadable")).doesNotExist();
        assertThat(process("1.0.0", _ -> {})).isEmpty();
    }

    @Test
    void whatCannotBeKeptIsSaid() throws Exception {
        Path jar = jar("2.0.0");
        process(
                "1.0.0",
                bundles -> {
                    // A directory in the place of the list: it cannot be replaced by a file.
                    Path list = directory.resolve("kept/changes.json");
                    Files.createDirectories(list.resolve("full"));
                    assertThat(bundles.update(jar))
                            .contains("has taken the place", "is not kept over a restart");
                });
    }

    @Test
    void whatIsForgottenIsNotMadeAgain() throws Exception {
        Path jar = jar("2.0.0");
        process("1.0.0", bundles -> bundles.update(jar));
        process(
                "1.0.0",
                bundles -> {
                    bundles.forget(NAME);
                    assertThatThrownBy(() -> bundles.forget(NAME))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("no change");
                });
        assertThat(process("1.0.0", _ -> {})).containsExactly("1.0.0");
    }

    @Test
    void aBundleThatIsNamedLikeAFeatureIsAnotherThing() throws Exception {
        ChangeStore store = new ChangeStore(Files.createDirectory(directory.resolve("kept")));
        store.putFeature(NAME, true);
        assertThat(store.forget(NAME)).isFalse();
        assertThat(store.features()).containsEntry(NAME, true);
        assertThat(store.forget("feature " + NAME)).isTrue();
        assertThat(store.features()).isEmpty();
    }

    @Test
    void onlyOneDeploymentUsesADirectory() throws Exception {
        try (KeepDirectory kept = KeepDirectory.open(directory.resolve("one"), null)) {
            assertThatThrownBy(() -> KeepDirectory.open(kept.path(), null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another deployment");
        }
        KeepDirectory.open(directory.resolve("one"), null).close();
    }

    @Test
    void aSuccessorSharesTheDirectoryUntilTheFormerProcessHasEnded() throws Exception {
        Path one = directory.resolve("one");
        CompletableFuture<Void> gone = new CompletableFuture<>();
        KeepDirectory former = KeepDirectory.open(one, null);
        try (KeepDirectory kept = KeepDirectory.open(one, gone)) {
            assertThat(kept.path()).isEqualTo(one);
            assertThat(kept.settled()).isNotDone();
            former.close();
            gone.complete(null);
            kept.settled().join();
            assertThatThrownBy(() -> KeepDirectory.open(one, null))
                    .hasMessageContaining("another deployment");
        }
        KeepDirectory.open(one, null).close();
    }

    @Test
    void aSnapshotBringsBackItsFilesAndNoMoreThanTenAreKept() throws Exception {
        ConfigHistory history = new ConfigHistory(directory.resolve("kept"), NOW);
        Path files = Files.createDirectory(directory.resolve("conf"));
        for (int i = 0; i < 12; i++) {
            history.add(Map.of(files.resolve("a.json"), "{\"a~" + i + "\": {}}"));
            history.add(Map.of(files.resolve("a.json"), "{\"a~" + i + "\": {}}"));
        }
        assertThat(history.list())
                .extracting(ConfigHistory.Snapshot::number)
                .containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        Files.writeString(files.resolve("b.json"), "{}");
        history.begin(history.get(3).texts());
        new ConfigHistory(directory.resolve("kept"), NOW).complete(files);
        assertThat(files.resolve("b.json")).doesNotExist();
        assertThat(files.resolve("a.json")).hasContent("{\"a~2\": {}}");
    }

    @Test
    void aRollbackThatDidNotEndIsNotCompletedOnceOtherFilesAreInForce() throws Exception {
        ConfigHistory history = new ConfigHistory(directory.resolve("kept"), NOW);
        Path files = Files.createDirectory(directory.resolve("conf"));
        Path file = files.resolve("a.json");
        history.begin(Map.of("a.json", "{\"old\": {}}"));
        Files.writeString(file, "{}");
        history.add(Map.of(file, "{}"));
        new ConfigHistory(directory.resolve("kept"), NOW).complete(files);
        assertThat(file).hasContent("{}");
    }

    @Test
    void aSnapshotThatCannotBeReadShowsNothingOfItself() throws Exception {
        ConfigHistory history = new ConfigHistory(directory.resolve("kept"), NOW);
        Files.writeString(directory.resolve("kept/config/1.json"), "{\"files\": hunter2");
        assertThatThrownBy(() -> history.get(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1.json is damaged: JSON error")
                .hasNoCause();
        assertThat(history.list()).isEmpty();
    }
}
