package org.netloop.control.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tests what is told of two configurations. */
final class DifferenceTest {
    private static final Path FILE = Path.of("root.json");

    private static List<String> lines(String before, String after) throws IOException {
        return Difference.lines(Map.of(FILE, before), Map.of(FILE, after));
    }

    @Test
    void valuesAreComparedAndNotHowTheyAreWritten() throws IOException {
        assertThat(
                        lines(
                                "{\"v~a\": {\"name\": \"a\", \"n\": 1}, \"w\": {}}",
                                "{\"v~a\":\n {\"n\": 2, \"name\": \"a\", \"m\": [\"x\"]}}"))
                .containsExactly("+ v~a m = [\"x\"]", "- v~a n = 1", "+ v~a n = 2", "- w");
    }

    @Test
    void aSecretIsHidden() throws IOException {
        assertThat(
                        lines(
                                "{\"s\": {\"secret.key\": \"one\", \"u\": \"http://a:pw1@h/\"}}",
                                "{\"s\": {\"secret.key\": \"two\", \"u\": \"http://a:pw2@h/\"}}"))
                .hasSize(4)
                .noneMatch(line -> line.contains("one") || line.contains("pw1"))
                .noneMatch(line -> line.contains("two") || line.contains("pw2"))
                .filteredOn(line -> line.endsWith("(another secret)"))
                .hasSize(2);
    }
}
