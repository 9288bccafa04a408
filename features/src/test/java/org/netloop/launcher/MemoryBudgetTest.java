package org.netloop.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Adds up the default budgets of memory, as the operators' guide lists them. */
class MemoryBudgetTest {
    private static final int MOST = 512;
    private static final Pattern ROW = Pattern.compile("^\\|[^|]+\\| (\\d+) \\|(.*)\\|$");
    private static final Pattern SETTING = Pattern.compile("`(org\\.netloop[^`]+)` `([^`]+)`");
    private static final Pattern HEAP = Pattern.compile("(?m)^-Xmx(\\d+)m ");

    private static final Path HOME = Path.of(System.getProperty("netloop.home"));

    private static List<MatchResult> rows() throws IOException {
        String guide = Files.readString(HOME.resolve("docs/operators.md"));
        String section =
                guide.substring(guide.indexOf("## Memory"), guide.indexOf("## Full disks"));
        return section.lines().flatMap(line -> ROW.matcher(line).results()).toList();
    }

    private static String number(MatchResult row) {
        return row.group(1);
    }

    @Test
    void theBudgetsAreNoMoreThanWhatIsPromised() throws IOException {
        assertThat(rows().stream().map(MemoryBudgetTest::number).mapToInt(Integer::parseInt).sum())
                .isBetween(MOST / 2, MOST);
    }

    @Test
    void theBudgetsAreTheDefaults() throws IOException {
        assertThat(HEAP.matcher(Files.readString(HOME.resolve("bin/java.options"))).results())
                .singleElement()
                .extracting(MemoryBudgetTest::number)
                .isEqualTo(number(rows().getFirst()));
        int settings = 0;
        for (MatchResult row : rows()) {
            for (MatchResult setting : SETTING.matcher(row.group(2)).results().toList()) {
                settings++;
                assertThat(defaultOf(setting.group(1), setting.group(2)))
                        .as(row.group())
                        .isEqualTo(number(row));
            }
        }
        assertThat(settings).isEqualTo(4);
    }

    private static String defaultOf(String pid, String key) throws IOException {
        Pattern wanted =
                Pattern.compile("<AD id=\"" + Pattern.quote(key) + "\"[^>]* default=\"(\\d+)\"");
        try (Stream<Path> jars = Files.list(HOME.resolve("bundles"))) {
            return jars.flatMap(MemoryBudgetTest::descriptions)
                    .filter(text -> text.contains("pid=\"" + pid + "\""))
                    .flatMap(text -> wanted.matcher(text).results())
                    .map(MemoryBudgetTest::number)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Stream<String> descriptions(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            List<JarEntry> entries =
                    file.stream()
                            .filter(entry -> entry.getName().matches("OSGI-INF/metatype/.+\\.xml"))
                            .toList();
            Stream.Builder<String> texts = Stream.builder();
            for (JarEntry entry : entries) {
                texts.add(new String(file.getInputStream(entry).readAllBytes()));
            }
            return texts.build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
