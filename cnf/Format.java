import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats every Java file of the tree, or says which are not formatted. Run by the build with the JDK it
 * compiles with, as the formatter parses with the JDK's own parser. Files that have not changed since all were well
 * are passed over.
 *
 * <p>Usage: {@code java cnf/Format.java --check|--replace FORMATTER.jar}
 */
final class Format {
    private static final List<String> ROOMS =
            List.of("bundles", "runtime", "itests", "features", "examples");

    /** Its time is that of the last run that left all files formatted. */
    private static final Path STAMP = Path.of("target/formatted");

    private Format() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Instant begin = Instant.now();
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
        int options = command.size();
        for (String room : ROOMS) {
            addSources(Path.of(room), command);
        }
        if (command.size() == options) {
            return;
        }
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            System.err.println(
                    "the files above are not formatted: run mvn -N verify -Pformat");
        }
        if (exit == 0) {
            Files.createDirectories(STAMP.getParent());
            Files.writeString(STAMP, "");
            Files.setLastModifiedTime(STAMP, FileTime.from(begin));
        }
        System.exit(exit);
    }

    private static void addSources(Path room, List<String> command) throws IOException {
        if (!Files.isDirectory(room)) {
            return;
        }
        FileTime well = Files.exists(STAMP) ? Files.getLastModifiedTime(STAMP) : FileTime.fromMillis(0);
        try (Stream<Path> files = Files.walk(room)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> file.toFile().lastModified() >= well.toMillis())
                    .sorted()
                    .forEach(file -> command.add(file.toString()));
        }
    }
}
