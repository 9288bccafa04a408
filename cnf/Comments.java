import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks that every documentation comment of the tree says first what a thing is or does: its first word must not be a
 * bare relative, pronoun or preposition. An index of methods shows first sentences only, and "Whether it is there." has
 * no subject in it. Run by the build.
 *
 * <p>Usage: {@code java cnf/Comments.java}
 */
final class Comments {
    private static final List<String> ROOMS = List.of("bundles", "runtime", "itests", "features", "examples");

    private static final Set<String> BARE =
            Set.of(
                    "As", "By", "For", "From", "How", "In", "It", "Its", "Nobody", "Of", "On", "So", "Somebody",
                    "Something", "That", "These", "They", "This", "Those", "To", "Told", "Under", "Until", "What",
                    "Whatever", "When", "Where", "Wherever", "Whether", "Which", "While", "Who", "Whoever", "Whom",
                    "Whose", "Why", "With", "Without");

    /** A comment up to its first word. */
    private static final Pattern COMMENT = Pattern.compile("/\\*\\*[\\s*]*([A-Za-z]+)\\b");

    private Comments() {}

    public static void main(String[] arguments) throws IOException {
        List<String> found = new ArrayList<>();
        for (String room : ROOMS) {
            try (Stream<Path> files = Files.walk(Path.of(room))) {
                for (Path file : files.filter(Comments::isSource).sorted().toList()) {
                    check(file, Files.readString(file), found);
                }
            }
        }
        if (!found.isEmpty()) {
            found.forEach(System.err::println);
            System.err.println(
                    found.size()
                            + " comments do not say first what the thing is or does. Instead of \"Whether it is open.\" write"
                            + " \"Returns whether the door is open.\"; instead of \"How long it waits.\" \"Longest wait, in"
                            + " milliseconds.\"; instead of \"As read.\" \"Reads like {@link #read}.\"");
            System.exit(1);
        }
    }

    private static boolean isSource(Path file) {
        return file.toString().endsWith(".java") && !file.toString().contains("/target/");
    }

    private static void check(Path file, String text, List<String> found) {
        Matcher comment = COMMENT.matcher(text);
        while (comment.find()) {
            if (BARE.contains(comment.group(1))) {
                long line = text.substring(0, comment.start()).lines().count();
                found.add("%s:%d: a comment begins with '%s'".formatted(file, Math.max(1, line), comment.group(1)));
            }
        }
    }
}
