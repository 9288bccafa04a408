package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class FeatureHintTest {
    @Test
    void onlyFeaturesThatExistAreNamed() {
        assertThat(FeatureHint.of("codec", "xz")).isEqualTo("install the feature codec-xz");
        assertThat(FeatureHint.of("codec", "nosuch")).isEqualTo("no known feature provides it");
        assertThat(FeatureHint.of("codec", "\0")).isEqualTo("no known feature provides it");
        assertThat(FeatureHint.of("transport", "ftp")).isEqualTo("no known feature provides it");
    }

    @Test
    void aFeatureOfTheInstallationIsNamedToo(@TempDir Path home) throws IOException {
        Files.createDirectories(home.resolve("features"));
        Files.writeString(home.resolve("features/codec-fold.json"), "{}");
        Files.writeString(home.resolve("codec-outside.json"), "{}");
        String before = System.setProperty("netloop.home", home.toString());
        try {
            assertThat(FeatureHint.of("codec", "fold")).isEqualTo("install the feature codec-fold");
            assertThat(FeatureHint.of("codec", "none")).isEqualTo("no known feature provides it");
            assertThat(FeatureHint.of("codec", "fold/../../codec-outside"))
                    .isEqualTo("no known feature provides it");
            assertThat(FeatureHint.of("codec", "\0")).isEqualTo("no known feature provides it");
        } finally {
            if (before == null) {
                System.clearProperty("netloop.home");
            } else {
                System.setProperty("netloop.home", before);
            }
        }
    }

    @Test
    void itKnowsAllFeaturesOfTheTree() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../features"))) {
            assertThat(
                            files.map(file -> file.getFileName().toString())
                                    .filter(
                                            name ->
                                                    name.matches(
                                                            "(codec|format|frontend|transport|trust)-.*\\.json"))
                                    .map(name -> name.replace(".json", ""))
                                    .collect(Collectors.toSet()))
                    .isEqualTo(FeatureHint.OURS);
        }
    }
}
