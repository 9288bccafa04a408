import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks the files of the tree: each relative link of a Markdown file leads to a file, a directory or a heading that
 * exists, and no Java source is longer than a reader can hold in mind. Reads no network.
 *
 * <p>Usage: {@code java cnf/Tree.java TREE}
 */
final class Tree {
    private static final int LONGEST = 350;

    private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*");
    private static final Pattern CODE = Pattern.compile("(`+).*?\\1");
    private static final Pattern LINK =
            Pattern.compile("\\]\\(<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\)|^\\s*\\[[^\\]]+\\]:\\s+<?([^\\s>]+)");
    private static final Pattern OUTSIDE = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
    private static final Pattern HEADING = Pattern.compile(" {0,3}#{1,6}\\s+(.*?)\\s*#*");
    private static final Pattern NAMED = Pattern.compile("<[^>]+ (?:id|name)=\"([^\"]+)\"");

    private final Path root;
    private final Map<Path, Set<String>> anchors = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    private Tree(Path root) {
        this.root = root;
    }

    public static void main(String[] arguments) throws IOException {
        var tree = new Tree(Path.of(arguments[0]).toAbsolutePath().normalize());
        for (Path file : tree.files()) {
            if (file.toString().endsWith(".md")) {
                tree.checkLinks(file);
            } else if (file.toString().endsWith(".java")) {
                tree.checkLength(file);
            }
        }
        if (!tree.wrong.isEmpty()) {
            tree.wrong.forEach(System.err::println);
            System.exit(1);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> !root.relativize(file).toString().matches("(.*/)?(target|\\.git)(/.*)?"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private void checkLength(Path file) throws IOException {
        int lines = Files.readAllLines(file).size();
        if (lines > LONGEST) {
            wrong.add(root.relativize(file) + " has " + lines + " lines, more than " + LONGEST + ": split it");
        }
    }

    private void checkLinks(Path file) throws IOException {
        List<String> lines = text(file);
        for (int i = 0; i < lines.size(); i++) {
            Matcher link = LINK.matcher(CODE.matcher(lines.get(i)).replaceAll("` `"));
            while (link.find()) {
                String target = link.group(1) == null ? link.group(2) : link.group(1);
                if (!OUTSIDE.matcher(target).matches() && !leads(file, target)) {
                    wrong.add(root.relativize(file) + ":" + (i + 1) + ": " + target + " leads nowhere");
                }
            }
        }
    }

    private boolean leads(Path file, String target) throws IOException {
        int hash = target.indexOf('#');
        String path = URLDecoder.decode(hash < 0 ? target : target.substring(0, hash), StandardCharsets.UTF_8);
        Path to = path.isEmpty() ? file : file.resolveSibling(path).normalize();
        if (path.startsWith("/") || !to.startsWith(root) || !Files.exists(to)) {
            return false;
        }
        return hash < 0 || !to.toString().endsWith(".md") || anchors(to).contains(target.substring(hash + 1));
    }

    /** The names of the headings of a file, as a forge makes them, and of its own anchors. */
    private Set<String> anchors(Path file) throws IOException {
        Set<String> known = anchors.get(file);
        if (known == null) {
            known = new HashSet<>();
            for (String line : text(file)) {
                Matcher heading = HEADING.matcher(line);
                if (heading.matches()) {
                    add(known, slug(heading.group(1)));
                }
                NAMED.matcher(line).results().map(named -> named.group(1)).forEach(known::add);
            }
            anchors.put(file, known);
        }
        return known;
    }

    /** Of equal headings, the later ones have a number. */
    private static void add(Set<String> known, String slug) {
        String name = slug;
        for (int n = 1; !known.add(name); n++) {
            name = slug + "-" + n;
        }
    }

    private static String slug(String heading) {
        return heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\- ]", "")
                .replace(' ', '-');
    }

    /** The lines of a file; those of blocks of code are empty. */
    private static List<String> text(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean fenced = false;
        for (String line : Files.readAllLines(file)) {
            boolean fence = FENCE.matcher(line).matches();
            lines.add(fenced || fence ? "" : line);
            fenced ^= fence;
        }
        return lines;
    }
}
