import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Measures the shape of the Java sources of a tree, or of several trees beside each other: sizes of
 * files and methods, public types, long lists of parameters, and code that stands more than once.
 * Prints tables in Markdown.
 *
 * <p>Usage: {@code java Shape.java [--all] NAME=TREE …}
 */
final class Shape {
    private static final List<String> ROOMS =
            List.of("bundles", "runtime", "itests", "features", "examples");
    private static final int MANY_PARAMETERS = 6;
    private static final int LONG_METHOD = 40;
    private static final int LONG_FILE = 350;

    /** Equal consecutive lines of code, without comments and imports, that make a duplicate. */
    private static final int DUPLICATE = 10;

    private record Sized(String name, int size) {}

    private final boolean tests;
    private final List<Sized> files = new ArrayList<>();
    private final List<Sized> methods = new ArrayList<>();
    private final List<String> manyParameters = new ArrayList<>();
    private final List<String> manyComponents = new ArrayList<>();
    private final Map<String, Integer> publicTypes = new TreeMap<>();
    private final Map<String, List<String>> code = new TreeMap<>();

    private Shape(boolean tests) {
        this.tests = tests;
    }

    public static void main(String[] arguments) throws IOException {
        boolean all = List.of(arguments).contains("--all");
        Map<String, List<Shape>> shapes = new LinkedHashMap<>();
        for (String argument : arguments) {
            if (!argument.equals("--all")) {
                int equals = argument.indexOf('=');
                Path tree = Path.of(argument.substring(equals + 1));
                shapes.put(
                        argument.substring(0, equals),
                        List.of(measure(tree, false), measure(tree, true)));
            }
        }
        printSizes(shapes);
        printPackages(shapes, all ? _ -> true : name -> name.startsWith("org.netloop.api"));
        if (all) {
            List<Shape> last = shapes.values().stream().reduce((_, later) -> later).orElseThrow();
            print("Lists of parameters", last.getFirst().manyParameters);
            print("Records", last.getFirst().manyComponents);
            print("Methods", last.getFirst().longMethods());
            print("Methods of tests", last.getLast().longMethods());
            print("Duplicates", last.getFirst().duplicates());
        }
    }

    private static void print(String title, List<String> names) {
        System.out.println("\n" + title + ":\n- " + String.join("\n- ", names));
    }

    private List<String> longMethods() {
        return methods.stream()
                .filter(each -> each.size() > LONG_METHOD)
                .map(each -> each.name() + " " + each.size())
                .toList();
    }

    private static Shape measure(Path tree, boolean tests) throws IOException {
        Shape shape = new Shape(tests);
        List<Path> sources = new ArrayList<>();
        for (String room : ROOMS) {
            if (Files.isDirectory(tree.resolve(room))) {
                try (Stream<Path> found = Files.walk(tree.resolve(room))) {
                    found.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.toString().contains("/target/"))
                            .filter(file -> file.toString().contains("/src/test/") == tests)
                            .filter(file -> file.toString().contains("/src/"))
                            .sorted()
                            .forEach(sources::add);
                }
            }
        }
        shape.read(tree, sources);
        return shape;
    }

    private void read(Path tree, List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var manager = compiler.getStandardFileManager(null, null, null);
        var task =
                (JavacTask)
                        compiler.getTask(
                                null,
                                manager,
                                _ -> {},
                                null,
                                null,
                                manager.getJavaFileObjectsFromPaths(sources));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) {
            Path file = Path.of(unit.getSourceFile().toUri());
            List<String> lines = Files.readAllLines(file);
            String name = file.getFileName().toString();
            files.add(new Sized(name, lines.size()));
            code.put(tree.relativize(file).toString(), lines);
            for (Tree type : unit.getTypeDecls()) {
                if (type instanceof ClassTree known
                        && known.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                    publicTypes.merge(String.valueOf(unit.getPackageName()), 1, Integer::sum);
                }
            }
            unit.accept(new Members(unit, positions, name.replace(".java", "")), null);
        }
    }

    private final class Members extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final String file;

        private Members(CompilationUnitTree unit, SourcePositions positions, String file) {
            this.unit = unit;
            this.positions = positions;
            this.file = file;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            String name =
                    file
                            + "."
                            + (method.getName().contentEquals("<init>") ? "new" : method.getName());
            if (method.getBody() != null) {
                // From its name to its last brace: what comes before it, Javadoc and annotations,
                // is not counted.
                LineMap lines = unit.getLineMap();
                long begin =
                        lines.getLineNumber(positions.getStartPosition(unit, method.getBody()));
                long end = lines.getLineNumber(positions.getEndPosition(unit, method.getBody()));
                methods.add(new Sized(name, (int) (end - begin + 1)));
            }
            // Those of a record's compact constructor are its components: they are counted there.
            long begin = positions.getStartPosition(unit, method);
            if (method.getParameters().size() >= MANY_PARAMETERS
                    && method.getParameters().stream()
                            .anyMatch(each -> positions.getStartPosition(unit, each) > begin)) {
                manyParameters.add(name + " " + method.getParameters().size());
            }
            return super.visitMethod(method, nothing);
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (type.getKind() == Tree.Kind.RECORD) {
                long components =
                        type.getMembers().stream()
                                .filter(VariableTree.class::isInstance)
                                .map(VariableTree.class::cast)
                                .map(member -> member.getModifiers().getFlags())
                                .filter(flags -> !flags.contains(Modifier.STATIC))
                                .count();
                if (components >= MANY_PARAMETERS) {
                    manyComponents.add(type.getSimpleName() + " " + components);
                }
            }
            return super.visitClass(type, nothing);
        }
    }

    private static void printSizes(Map<String, List<Shape>> shapes) {
        printRow("", shapes.keySet());
        System.out.println("|---|" + "---|".repeat(shapes.size()));
        printFigures("", shapes.values().stream().map(List::getFirst).toList());
        printFigures(" of tests", shapes.values().stream().map(List::getLast).toList());
    }

    private static void printFigures(String of, List<Shape> shapes) {
        List<Map<String, String>> columns = shapes.stream().map(Shape::figures).toList();
        for (String row : columns.getFirst().keySet()) {
            printRow(row.formatted(of), columns.stream().map(column -> column.get(row)).toList());
        }
    }

    private static void printRow(String name, Collection<String> cells) {
        System.out.println("| " + name + " | " + String.join(" | ", cells) + " |");
    }

    private Map<String, String> figures() {
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put(
                "files%s, lines", files.size() + ", " + files.stream().mapToInt(Sized::size).sum());
        figures.put("lines of a file%s: median, p90", spread(files));
        figures.put("longest file%s", longest(files));
        figures.put(
                "files%s longer than " + LONG_FILE,
                String.valueOf(files.stream().filter(each -> each.size() > LONG_FILE).count()));
        figures.put("methods%s", String.valueOf(methods.size()));
        figures.put("lines of a method's body%s: median, p90", spread(methods));
        figures.put("longest method%s", longest(methods));
        figures.put("methods%s longer than " + LONG_METHOD, String.valueOf(longMethods().size()));
        if (!tests) {
            figures.put(
                    "public types%s, packages with any",
                    publicTypes.values().stream().mapToInt(n -> n).sum()
                            + ", "
                            + publicTypes.size());
            figures.put(
                    "methods%s with 6 parameters or more", String.valueOf(manyParameters.size()));
            figures.put(
                    "records%s with 6 components or more", String.valueOf(manyComponents.size()));
            figures.put(
                    "duplicate blocks%s of " + DUPLICATE + " lines or more",
                    String.valueOf(duplicates().size()));
        }
        return figures;
    }

    private static String spread(List<Sized> all) {
        List<Integer> sizes = all.stream().map(Sized::size).sorted().toList();
        return sizes.get(sizes.size() / 2) + ", " + sizes.get(sizes.size() * 9 / 10);
    }

    private static String longest(List<Sized> all) {
        Sized longest = Collections.max(all, Comparator.comparingInt(Sized::size));
        return longest.size() + " (" + longest.name() + ")";
    }

    private static void printPackages(Map<String, List<Shape>> shapes, Predicate<String> chosen) {
        var names = new TreeSet<String>();
        shapes.values().forEach(both -> names.addAll(both.getFirst().publicTypes.keySet()));
        System.out.println();
        printRow("public types of", shapes.keySet());
        System.out.println("|---|" + "---|".repeat(shapes.size()));
        for (String name : names) {
            if (chosen.test(name)) {
                List<String> counts =
                        shapes.values().stream()
                                .map(both -> both.getFirst().publicTypes.getOrDefault(name, 0))
                                .map(String::valueOf)
                                .toList();
                printRow(name, counts);
            }
        }
    }

    private record Line(int number, String text) {}

    private record Place(String file, int line) {}

    /**
     * Blocks that are the same, line by line, at two places: each is as long as it can be, and told
     * once.
     */
    private List<String> duplicates() {
        Map<String, List<Line>> kept = new TreeMap<>();
        code.forEach((file, lines) -> kept.put(file, statements(lines)));
        Map<String, Place> first = new LinkedHashMap<>();
        List<String> found = new ArrayList<>();
        kept.forEach(
                (file, lines) -> {
                    int at = 0;
                    while (at + DUPLICATE <= lines.size()) {
                        Place before = first.putIfAbsent(window(lines, at), new Place(file, at));
                        int length =
                                before == null
                                        ? 0
                                        : common(kept.get(before.file()), before.line(), lines, at);
                        if (length >= DUPLICATE) {
                            found.add(
                                    told(
                                            before,
                                            kept.get(before.file()),
                                            file,
                                            lines.get(at).number(),
                                            length));
                            at += length;
                        } else {
                            at++;
                        }
                    }
                });
        return found;
    }

    private static String told(Place before, List<Line> lines, String file, int line, int length) {
        return "%d lines: %s:%d and %s:%d"
                .formatted(length, before.file(), lines.get(before.line()).number(), file, line);
    }

    private static int common(List<Line> one, int at, List<Line> other, int there) {
        int length = 0;
        while (at + length < one.size()
                && there + length < other.size()
                && (one != other || at + length < there)
                && one.get(at + length).text().equals(other.get(there + length).text())) {
            length++;
        }
        return length;
    }

    private static String window(List<Line> lines, int at) {
        var text = new StringBuilder();
        for (Line line : lines.subList(at, at + DUPLICATE)) {
            text.append(line.text()).append('\n');
        }
        return text.toString();
    }

    /** Lines of code, without their indentation. */
    private static List<Line> statements(List<String> lines) {
        List<Line> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).strip();
            if (!text.isEmpty()
                    && !text.matches("(import|package|exports|requires) .*|[*/].*|[}){(;\\]]+")) {
                kept.add(new Line(i + 1, text));
            }
        }
        return kept;
    }
}
