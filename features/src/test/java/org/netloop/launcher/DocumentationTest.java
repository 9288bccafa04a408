package org.netloop.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the documentation with the module descriptors and the settings of the bundles. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String PREFIX = "org.netloop.";
    private static final Pattern ARROW = Pattern.compile("(?m)^ *([a-z0-9.]+) --> ([a-z0-9.]+)$");
    private static final Pattern NODE = Pattern.compile("(?m)^ {4}([a-z0-9.]+)$");
    private static final Pattern MODULE = Pattern.compile("(?m)^(?:open )?module ([a-z0-9.]+)");
    private static final Pattern REQUIRES =
            Pattern.compile(
                    "(?m)^ *requires (?:static |transitive )*(org\\.netloop\\.[a-z0-9.]+);");
    private static final Pattern PID = Pattern.compile("<Designate [^>]*?[pP]id=\"([^\"]+)\"");
    private static final Pattern SETTING = Pattern.compile("<AD id=\"([^\"]+)\"");

    private static Stream<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    private static String page(String name) throws IOException {
        return Files.readString(ROOT.resolve(name));
    }

    /** Returns the descriptors in the source folders of bundles and runtime. */
    private static List<String> descriptors() throws IOException {
        List<String> descriptors = new ArrayList<>();
        for (String room : List.of("bundles", "runtime")) {
            try (Stream<Path> folders = Files.list(ROOT.resolve(room))) {
                for (Path folder : folders.sorted().toList()) {
                    Path file = folder.resolve("src/main/java/module-info.java");
                    if (Files.exists(file)) {
                        descriptors.add(Files.readString(file));
                    }
                }
            }
        }
        return descriptors;
    }

    private static String arrow(String from, String to) {
        return from.replace(PREFIX, "") + " --> " + to.replace(PREFIX, "");
    }

    @Test
    void thePictureOfTheRoomsHasTheArrowsOfTheModuleDescriptors() throws IOException {
        Set<String> required = new TreeSet<>();
        for (String descriptor : descriptors()) {
            String module = matches(MODULE, descriptor).findFirst().orElseThrow();
            matches(REQUIRES, descriptor).forEach(other -> required.add(arrow(module, other)));
        }
        // Its descriptor is generated.
        required.add(arrow("frontend.fuse", "api"));
        assertThat(ARROW.matcher(page("docs/architecture.md")).results())
                .extracting(MatchResult::group)
                .extracting(String::strip)
                .containsExactlyInAnyOrderElementsOf(required);
    }

    @Test
    void thePictureOfTheRoomsShowsEveryBundle() throws IOException {
        Set<String> folders = new TreeSet<>();
        for (String room : List.of("bundles", "runtime")) {
            try (Stream<Path> list = Files.list(ROOT.resolve(room))) {
                list.map(folder -> folder.getFileName().toString())
                        .filter(name -> name.startsWith(PREFIX))
                        .forEach(name -> folders.add(name.replace(PREFIX, "")));
            }
        }
        assertThat(matches(NODE, page("docs/architecture.md")))
                .containsExactlyInAnyOrderElementsOf(folders);
    }

    @Test
    void theIndexOfDecisionsListsEveryPage() throws IOException {
        Path decisions = ROOT.resolve("docs/decisions");
        String index = Files.readString(decisions.resolve("README.md"));
        try (Stream<Path> files = Files.list(decisions)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(name -> !name.equals("README.md"))
                    .allMatch(name -> index.contains("(" + name + ")"));
        }
    }

    @Test
    void everySettingIsDocumentedWhereItsPidIs() throws IOException {
        String guide = page("docs/operators.md");
        Path bundles = Path.of(System.getProperty("netloop.home")).resolve("bundles");
        List<Path> jars;
        try (Stream<Path> files = Files.list(bundles)) {
            jars = files.filter(file -> file.getFileName().toString().startsWith(PREFIX)).toList();
        }
        int settings = 0;
        for (Path jar : jars) {
            String name = jar.getFileName().toString().replaceFirst("-[0-9].*", "");
            Path readme = ROOT.resolve("bundles").resolve(name).resolve("README.md");
            for (String description : descriptions(jar)) {
                String pid = matches(PID, description).findFirst().orElseThrow();
                assertThat(guide).as("docs/operators.md").contains("`" + pid);
                String documented = section(guide, pid) + Files.readString(readme);
                Set<String> known = matches(SETTING, description).collect(Collectors.toSet());
                settings += known.size();
                assertThat(known)
                        .as("settings of %s in docs/operators.md or %s", pid, readme)
                        .allMatch(setting -> documented.contains("`" + setting + "`"));
            }
        }
        assertThat(settings).isGreaterThan(50);
    }

    /** Returns the lines of the guide from the row of a PID to the row of the next one. */
    private static String section(String guide, String pid) {
        int start = guide.indexOf("| `" + pid);
        int end = guide.indexOf("\n| `" + PREFIX, start + 1);
        return guide.substring(start, end < 0 ? guide.length() : end);
    }

    private static List<String> descriptions(Path jar) throws IOException {
        List<String> descriptions = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            Enumeration<JarEntry> entries = file.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().matches("OSGI-INF/metatype/.+\\.xml")) {
                    descriptions.add(new String(file.getInputStream(entry).readAllBytes()));
                }
            }
        }
        return descriptions;
    }
}
