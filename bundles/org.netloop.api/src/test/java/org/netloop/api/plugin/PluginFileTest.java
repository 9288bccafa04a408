package org.netloop.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.transport.Transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Tests the reasons that keep a jar from being installed as a plugin. */
final class PluginFileTest {
    private static final int JAVA_99 = 143;

    @TempDir private Path directory;

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    PluginFileTest() {
        headers.put("Bundle-SymbolicName", "com.example.fold;singleton:=true");
        headers.put("Bundle-Version", "1.2.0");
        headers.put("Service-Component", "OSGI-INF/*.xml");
    }

    private static byte[] bytesOf(int javaMajor) {
        return ByteBuffer.allocate(8).putInt(0xCAFEBABE).putInt(javaMajor).array();
    }

    private byte[] jar() throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(main::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private PluginFile read() throws IOException {
        return PluginFile.read(Files.write(directory.resolve("plugin.jar"), jar()));
    }

    @Test
    void aPlainPluginHasNoProblem() throws IOException {
        entries.put("com/example/fold/Fold.class", bytesOf(69));
        PluginFile plugin = read();
        assertThat(plugin.name()).isEqualTo("com.example.fold");
        assertThat(plugin.version()).isEqualTo("1.2.0");
        assertThat(plugin.problems()).isEmpty();
        assertThat(plugin.notes()).isEmpty();
    }

    @Test
    void oneThatExportsAPackageCouldNotBeRemoved() throws IOException {
        headers.put("Export-Package", "com.example.fold;version=\"1.0\",com.example.more");
        assertThat(read().problems()).singleElement().asString().contains("com.example.fold:");
    }

    @Test
    void aJarThatIsNoBundleIsToldSo() throws IOException {
        headers.remove("Bundle-SymbolicName");
        assertThat(read().problems()).singleElement().asString().contains("not an OSGi bundle");
    }

    @Test
    void aFragmentIsToldSo() throws IOException {
        headers.put("Fragment-Host", "org.netloop.api");
        assertThat(read().problems()).singleElement().asString().contains("fragment");
    }

    @Test
    void oneWithNothingToRegisterIsToldSo() throws IOException {
        headers.remove("Service-Component");
        assertThat(read().problems()).singleElement().asString().contains("registers no service");
    }

    @Test
    void whatHoldsAttachmentsIsNotReplaced() throws IOException {
        headers.put(PluginFile.FIXED, "true");
        assertThat(read().problems()).singleElement().asString().contains("restart the deployment");
    }

    @Test
    void aCopyOfTheContractsIsFoundAtAnyDepth() throws IOException {
        entries.put("META-INF/lib/api/org/netloop/api/codec/Codec.class", bytesOf(69));
        assertThat(read().problems()).singleElement().asString().contains("scope provided");

        byte[] library = jar();
        entries.clear();
        entries.put("lib/api.jar", library);
        assertThat(read().problems())
                .singleElement()
                .asString()
                .contains("lib/api.jar!/META-INF/lib/api/org/netloop/api/codec/Codec.class");
    }

    @Test
    void aClassOfANewerJavaIsNamedWithBothVersions() throws IOException {
        entries.put("com/example/fold/Fold.class", bytesOf(JAVA_99));
        entries.put("META-INF/versions/99/com/example/fold/Other.class", bytesOf(JAVA_99));
        assertThat(read().problems())
                .singleElement()
                .asString()
                .contains("com/example/fold/Fold.class was compiled for Java 99")
                .contains("Java " + Runtime.version().feature() + " runs here");
    }

    @Test
    void aLibraryThatIsNotThereIsNoted() throws IOException {
        headers.put("Bundle-ClassPath", ".,META-INF/lib/a/,lib/b.jar");
        entries.put("META-INF/lib/a/x", new byte[1]);
        PluginFile plugin = read();
        assertThat(plugin.problems()).isEmpty();
        assertThat(plugin.notes()).singleElement().asString().contains("lib/b.jar");
    }

    @Test
    void whatIsNoJarIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("text.jar"), "text");
        assertThatThrownBy(() -> PluginFile.read(file)).hasMessageContaining(file.toString());
        assertThatThrownBy(() -> PluginFile.read(directory.resolve("none.jar")))
                .hasMessageContaining("there is no file");
    }

    @Test
    void theInnermostCauseIsTold() {
        Throwable failure =
                new IllegalStateException(
                        "outer", new RuntimeException(new NoClassDefFoundError("com/nowhere/X")));
        assertThat(RootCause.of(failure)).isEqualTo("NoClassDefFoundError: com/nowhere/X");
        assertThat(
                        RootCause.of(
                                "java.lang.UnsupportedClassVersionError: com/x/Y has been compiled"
                                        + " by a more recent version of the Java Runtime (class"
                                        + " file version 143.0), this version"))
                .startsWith("com.x.Y was compiled for Java 99");
    }

    @Test
    void aTierThatDoesNotExistAndAMissingSchemeAreTold() {
        assertThat(ServiceRules.problems(BlockCache.class.getName(), _ -> "decoded"))
                .singleElement()
                .asString()
                .contains("'decoded'");
        assertThat(ServiceRules.problems(BlockCache.class.getName(), _ -> "plain")).isEmpty();
        assertThat(ServiceRules.problems(Transport.class.getName(), _ -> null)).hasSize(1);
        assertThat(ServiceRules.problems(Transport.class.getName(), _ -> "a_b")).hasSize(1);
    }
}
