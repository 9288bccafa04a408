package org.netloop.assembler.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.assembler.tree.Content;
import org.netloop.assembler.tree.Node;
import org.netloop.assembler.tree.TarWriter;
import org.netloop.assembler.tree.Tree;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

class HomeTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);

    @TempDir Path directory;
    @TempDir Path work;
    private FakeHome home;

    @BeforeEach
    void install() throws Exception {
        home = new FakeHome(directory);
    }

    private Tree tree(Sources sources, String folder, boolean stored) throws Exception {
        Path copies = Files.createDirectories(work.resolve(folder));
        return new Home(Appliance.resolve(sources), copies, stored).tree();
    }

    private static Content content(Tree tree, String path) {
        return tree.get(path) instanceof Node.File file ? file.content() : Content.of("");
    }

    private static byte[] bytes(Tree tree, String path) throws IOException {
        try (InputStream in = content(tree, path).open()) {
            return in.readAllBytes();
        }
    }

    private static List<ZipEntry> entries(Tree tree, String path) throws IOException {
        List<ZipEntry> entries = new ArrayList<>();
        try (InputStream in = content(tree, path).open();
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(entry);
            }
        }
        return entries;
    }

    @Test
    void itHasWhatRunsAndNothingElse() throws Exception {
        Tree tree = tree(home.sources("gateway"), "a", false);
        assertThat(tree.nodes().keySet())
                .containsExactly(
                        "bin",
                        "bin/java.options",
                        "bin/netloop",
                        "bundles",
                        "bundles/org.netloop.codec-1.2.jar",
                        "bundles/org.netloop.zstd-1.2.jar",
                        "features",
                        "features/core.json",
                        "features/default.json",
                        "features/zstd.json",
                        "lib",
                        "lib/org.netloop.launcher-1.2.jar",
                        "sbom.json");
    }

    @Test
    void nativesOfOtherPlatformsGoAndFoldersStay() throws Exception {
        Tree tree = tree(home.sources("gateway"), "a", false);
        assertThat(entries(tree, "bundles/org.netloop.zstd-1.2.jar"))
                .extracting(ZipEntry::getName)
                .contains(
                        "META-INF/lib/zstd/linux/amd64/libzstd.so", "META-INF/lib/zstd/win/amd64/")
                .doesNotContain(
                        "META-INF/lib/zstd/linux/aarch64/libzstd.so",
                        "META-INF/lib/zstd/win/amd64/zstd.dll");
        assertThat(bytes(tree, "bundles/org.netloop.codec-1.2.jar"))
                .isEqualTo(
                        Files.readAllBytes(directory.resolve("bundles/org.netloop.codec-1.2.jar")));
    }

    @Test
    void storedJarsAreNotCompressed() throws Exception {
        Tree tree = tree(home.sources("gateway"), "a", true);
        assertThat(entries(tree, "bundles/org.netloop.codec-1.2.jar"))
                .allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
    }

    @Test
    void theSameChoiceGivesTheSameBytes() throws Exception {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        TarWriter.write(tree(home.sources("gateway"), "a", false), "", TIME, first);
        TarWriter.write(tree(home.sources("gateway"), "b", false), "", TIME, second);
        assertThat(second.toByteArray()).isEqualTo(first.toByteArray());
    }

    @Test
    void aPluginIsABundleThatTheDefaultFeatureNames() throws Exception {
        Path jar = home.jar("plugin.jar", "com.acme.codec", Map.of());
        Sources with =
                new Sources(
                        directory,
                        List.of("gateway"),
                        List.of(jar),
                        null,
                        Platform.of("linux-x86_64"));
        Tree tree = tree(with, "a", false);
        assertThat(tree.nodes()).containsKey("bundles/com.acme.codec-1.2.jar");
        assertThat(new String(bytes(tree, "features/default.json"), StandardCharsets.UTF_8))
                .contains("plugin:com.acme.codec:1.2");
        assertThat(new String(bytes(tree, "sbom.json"), StandardCharsets.UTF_8))
                .contains("com.acme.codec", Plugins.sha256(jar));
    }

    @Test
    void aDamagedBillOfTheInstalledRuntimeIsNamed() throws Exception {
        Path bill = Files.writeString(home.directory().resolve("sbom.json"), "{\"components\": [");
        assertThatThrownBy(() -> tree(home.sources("gateway"), "a", false))
                .hasMessage(
                        bill
                                + " cannot be read; install Netloop again: JSON error in line 1,"
                                + " column 17: it ends too early, opened in line 1, column 16");
    }

    @Test
    void aJarThatIsNoBundleIsNoPlugin() throws Exception {
        Path jar = home.jar("plugin.jar", "", Map.of());
        Sources with =
                new Sources(
                        directory,
                        List.of("core"),
                        List.of(jar),
                        null,
                        Platform.of("linux-x86_64"));
        assertThatThrownBy(() -> tree(with, "a", false))
                .hasMessageContaining(jar + " is no bundle");
    }

    @Test
    void optionsOfTheApplianceComeAfterThoseOfAll() throws Exception {
        home.appliance("small", "\"core\"", "\"java\": [\"-Xmx32m\"]");
        Tree tree = tree(home.sources("small"), "a", false);
        assertThat(new String(bytes(tree, "bin/java.options"), StandardCharsets.UTF_8))
                .startsWith("-Xmx256m\n")
                .endsWith("-Xmx32m\n");
    }
}
