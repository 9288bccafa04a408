import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prints which tests of the tree were skipped, by what they need, from the reports that Surefire wrote. Prints
 * nothing where none was.
 *
 * <p>Usage: {@code java cnf/Skipped.java DIRECTORY}
 */
final class Skipped {
    private static final Pattern TEST_CASE =
            Pattern.compile("<testcase name=\"([^\"]*)\" classname=\"([^\"]*)\"[^>]*>\\s*<skipped([^>]*)>");
    private static final Pattern MESSAGE = Pattern.compile("message=\"(?:Assumption failed: )?([^\"]*)\"");

    private Skipped() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, TreeSet<String>> byReason = new TreeMap<>();
        int tests = 0;
        for (Path report : reports(Path.of(arguments[0]))) {
            Matcher found = TEST_CASE.matcher(Files.readString(report));
            while (found.find()) {
                tests++;
                byReason.computeIfAbsent(reason(found.group(3)), _ -> new TreeSet<>())
                        .add(found.group(2).replaceFirst(".*[.]", ""));
            }
        }
        if (tests > 0) {
            System.out.println(tests + " tests were skipped, as this machine lacks what they need:");
            byReason.forEach(
                    (reason, classes) ->
                            System.out.println("  " + reason + ": " + String.join(", ", classes)));
            System.out.println("'itests/run' installs what is missing on Debian, and runs everything.");
        }
    }

    private static String reason(String attributes) {
        Matcher message = MESSAGE.matcher(attributes);
        return message.find() ? message.group(1) : "no reason given";
    }

    private static List<Path> reports(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return Collections.emptyList();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.getParent().endsWith("surefire-reports"))
                    .filter(file -> file.getFileName().toString().startsWith("TEST-"))
                    .sorted()
                    .toList();
        }
    }
}
