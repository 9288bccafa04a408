package org.netloop.itest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The worked examples that {@code docs/plugins.md} names: one for each contract. */
final class GuideTest extends PluginTest {
    private static final int EXAMPLES = 7;
    private static final Path GUIDE = Path.of("../../docs/plugins.md").toAbsolutePath();
    private static final Pattern EXAMPLE = Pattern.compile("\\((\\.\\./examples/[^)]+\\.java)\\)");

    @Test
    void itsExamplesCompileAgainstTheContractsAlone() throws IOException, InterruptedException {
        List<Path> sources = sources();
        assertThat(sources).hasSize(EXAMPLES);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of(
                            "-proc:none",
                            "-Xlint:all,-processing",
                            "-d",
                            directory("classes").toString(),
                            "-cp",
                            classPath());
            boolean compiled =
                    compiler.getTask(
                                    said,
                                    files,
                                    null,
                                    options,
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources))
                            .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        Matcher example = EXAMPLE.matcher(Files.readString(GUIDE));
        while (example.find()) {
            sources.add(GUIDE.resolveSibling(example.group(1)).normalize());
        }
        return sources;
    }

    /**
     * Contracts as the runtime has them, picocli, and the annotations of the examples' own build.
     */
    private String classPath() throws IOException, InterruptedException {
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> all =
                Stream.concat(
                        Files.walk(home().resolve("bundles")),
                        Files.walk(
                                Path.of(System.getProperty("netloop.itest.repository"))
                                        .resolve(
                                                "org/osgi/org.osgi.service.component.annotations")))) {
            all.filter(
                            each ->
                                    each.getFileName()
                                            .toString()
                                            .matches(
                                                    "(org\\.netloop\\.api|picocli|info\\.picocli"
                                                            + "|org\\.osgi\\.service\\.component\\.annotations)"
                                                            + "-.*\\.jar"))
                    .forEach(jars::add);
        }
        return jars.stream().map(Path::toString).collect(joining(":"));
    }
}
