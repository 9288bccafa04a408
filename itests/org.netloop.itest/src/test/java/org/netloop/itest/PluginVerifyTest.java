package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;

import javax.tools.ToolProvider;

/** {@code netloop plugin verify} of plugins that are not to be used. */
final class PluginVerifyTest extends PluginTest {
    private static final int BAD = 3;
    private static final String CLASS = "com/example/rle/RleCodec";

    /** The codec example with a part of its source replaced. */
    private Path broken(String code, String by) throws IOException, InterruptedException {
        Path project = Plugins.project("plugin-codec").resolve("src/main/java");
        String source = Files.readString(project.resolve(CLASS + ".java"));
        assertThat(source).contains(code);
        Path file = directory("source/com/example/rle").resolve("RleCodec.java");
        Files.writeString(file, source.replace(code, by));
        String annotations =
                "package org.osgi.service.component.annotations;"
                        + " public @interface Component { Class<?>[] service() default {}; }";
        Path stub = directory("source/org/osgi/service/component/annotations");
        Files.writeString(stub.resolve("Component.java"), annotations);
        int exit =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                directory("classes").toString(),
                                "-cp",
                                contracts().toString(),
                                file.toString(),
                                stub.resolve("Component.java").toString());
        assertThat(exit).isZero();
        Path jar = at("broken.jar");
        byte[] compiled = Files.readAllBytes(at("classes").resolve(CLASS + ".class"));
        Plugins.copy(Plugins.codec(), jar, _ -> {}, Map.of(CLASS + ".class", compiled));
        return jar;
    }

    private Path contracts() throws IOException, InterruptedException {
        try (var all = Files.walk(home().resolve("sdk"))) {
            return all.filter(
                            each ->
                                    each.toString()
                                            .matches(".*org\\.netloop\\.api-[^/]*SNAPSHOT\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** The codec example with another header. */
    private static Path with(Path jar, String header, String value)
            throws IOException, InterruptedException {
        Plugins.copy(Plugins.codec(), jar, headers -> headers.putValue(header, value), Map.of());
        return jar;
    }

    @Test
    void oneWithWrongBytesFailsItsSuite() throws IOException, InterruptedException {
        Program.Ended ended = verify(broken("plain.put(value);", "plain.put((byte) (value + 1));"));
        assertThat(ended.exit()).isEqualTo(BAD);
        assertThat(ended.out())
                .containsPattern("whatIsEncodedIsDecodedAgain\\(\\): .*[Ee]xpect")
                .contains("problem    CodecSuite of rle")
                .contains("not to be used");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw new IllegalStateException(\"no\");|threw when asked for its id",
                "while (true) { Thread.onSpinWait(); }|was not done within 10 s, while asking",
            })
    void oneThatCannotTellItsIdIsFoundOut(String code, String said)
            throws IOException, InterruptedException {
        Program.Ended ended = verify(broken("return \"rle\";", code), "--timeout", "10");
        assertThat(ended.exit()).isEqualTo(BAD);
        assertThat(ended.out()).contains(said).contains("not to be used");
    }

    @Test
    void oneThatEndsTheProcessIsFoundOut() throws IOException, InterruptedException {
        Program.Ended ended =
                verify(broken("public RleCodec() {}", "public RleCodec() { System.exit(0); }"));
        assertThat(ended.exit()).isEqualTo(BAD);
        assertThat(ended.err()).contains("was not verified to the end");
    }

    @Test
    void oneWhoseComponentFailsIsToldWhy() throws IOException, InterruptedException {
        Program.Ended ended =
                verify(
                        broken(
                                "public RleCodec() {}",
                                "public RleCodec() { throw new IllegalStateException(\"no\"); }"));
        assertThat(ended.exit()).isEqualTo(BAD);
        assertThat(ended.out()).contains("cannot be made").contains("component com.example.rle");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Import-Package|com.nowhere|com.nowhere is exported by no bundle",
                "Import-Package|org.netloop.api.tape|org.netloop.api.tape is not a contract",
                "Fragment-Host|org.netloop.api|is a fragment",
                "Service-Component|OSGI-INF/none.xml|registers no service of a contract",
            })
    void oneWithABadManifestIsToldWhy(String header, String value, String said)
            throws IOException, InterruptedException {
        Program.Ended ended = verify(with(at("bad.jar"), header, value));
        assertThat(ended.exit()).isEqualTo(BAD);
        assertThat(ended.out()).contains(said);
    }

    @Test
    void aJarThatIsNoBundleIsToldSo() throws IOException, InterruptedException {
        Path jar = at("plain.jar");
        Plugins.copy(
                Plugins.codec(),
                jar,
                headers -> headers.remove(new Attributes.Name("Bundle-SymbolicName")),
                Map.of());
        Program.Ended ended = verify(jar);
        assertThat(ended.exit()).isEqualTo(BAD);
        assertThat(ended.out()).contains("is not an OSGi bundle");
    }

    @Test
    void whatIsNoJarCannotBeVerified() throws IOException, InterruptedException {
        Path file = Files.writeString(at("text.jar"), "text");
        assertThat(verify(file).exit()).isEqualTo(1);
        assertThat(verify(at("nosuch.jar")).exit()).isEqualTo(1);
    }

    @Test
    void programsReadTheResult() throws IOException, InterruptedException {
        assertThat(verify(Plugins.codec(), "--json").well().out())
                .contains("\"module\":\"com.example.rle\"")
                .contains("\"name\":\"org.netloop.api.codec\"")
                .contains("\"good\":true")
                .hasLineCount(1);
    }
}
