import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java file of the tree, or says which are not formatted. Run by the build with the JDK it
 * compiles with, as the formatter parses with the JDK's own parser.
 *
 * <p>Usage: {@code java cnf/Format.java --check|--replace FORMATTER.jar}
 */
final class Format {
    private static final List<String> ROOMS =
            List.of("bundles", "runtime", "itests", "features", "examples");

    private Format() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        for (String part : List.of("api", "code", "file", "parser", "tree", "util")) {
            command.add("--add-exports=jdk.compiler/com.sun.tools.javac." + part + "=ALL-UNNAMED");
        }
        command.addAll(List.of("-jar", arguments[1], "--aosp"));
        // Reflowed strings are wrapped anew on the second pass: a formatted file must stay as it is.
        command.add("--skip-reflowing-long-strings");
        command.addAll(
                arguments[0].equals("--replace")
                        ? List.of("--replace")
                        : List.of("--dry-run", "--set-exit-if-changed"));
        for (String room : ROOMS) {
            addSources(Path.of(room), command);
        }
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            System.err.println(
                    "the files above are not formatted: run mvn -N verify -Pformat");
        }
        System.exit(exit);
    }

    private static void addSources(Path room, List<String> command) throws IOException {
        if (!Files.isDirectory(room)) {
            return;
        }
        try (Stream<Path> files = Files.walk(room)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .forEach(file -> command.add(file.toString()));
        }
    }
}
