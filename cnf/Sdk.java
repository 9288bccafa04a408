import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Puts sources and Javadoc beside the jars of the contracts and of the compatibility kit, in the Maven repository
 * that comes with a runtime. Run by its build.
 *
 * <p>Usage: {@code java cnf/Sdk.java TREE HOME VERSION}
 */
final class Sdk {
    private static final List<String> ARTIFACTS = List.of("org.netloop.api", "org.netloop.tck");

    /** As the build stamps its jars, so that the same sources give the same jars. */
    private static final String DATE = "--date=2026-11-24T00:00:00Z";

    private Sdk() {}

    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[1]);
        for (String artifact : ARTIFACTS) {
            Path sources = Path.of(arguments[0], "bundles", artifact, "src/main/java");
            Path base = home.resolve("sdk/org/netloop/" + artifact + "/" + arguments[2]);
            String name = artifact + "-" + arguments[2];
            jar(base.resolve(name + "-sources.jar"), sources);
            Path pages = Files.createTempDirectory(home.getParent(), "javadoc");
            try {
                javadoc(sources, pages, home);
                jar(base.resolve(name + "-javadoc.jar"), pages);
            } finally {
                delete(pages);
            }
        }
    }

    private static void jar(Path file, Path directory) {
        run("jar", List.of("--create", DATE, "--no-manifest", "--file", file.toString(), "-C", directory.toString(), "."));
    }

    /** Annotations of others need not be there to describe what is annotated. */
    private static void javadoc(Path sources, Path pages, Path home) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "-quiet",
                                "-notimestamp",
                                "-Xdoclint:none",
                                "--no-fonts",
                                "--ignore-source-errors",
                                "-encoding",
                                "UTF-8",
                                "-classpath",
                                jars(home.resolve("kit")),
                                "-d",
                                pages.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .sorted()
                    .forEach(file -> command.add(file.toString()));
        }
        run("javadoc", command);
    }

    private static String jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return String.join(":", files.map(Path::toString).sorted().toList());
        }
    }

    private static void run(String tool, List<String> arguments) {
        var said = new ByteArrayOutputStream();
        var out = new PrintStream(said, true);
        int exit = ToolProvider.findFirst(tool).orElseThrow().run(out, out, arguments.toArray(String[]::new));
        if (exit != 0) {
            System.err.println(said);
            throw new IllegalStateException(tool + " ended with " + exit);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
