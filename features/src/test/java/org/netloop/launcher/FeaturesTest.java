package org.netloop.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Checks the features as they are in the assembled runtime, with the launcher's own eyes. */
class FeaturesTest {
    private static final Path HOME =
            Path.of(System.getProperty("netloop.home")).toAbsolutePath().normalize();

    @TempDir Path storage;

    static List<String> features() throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("features"))) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("features")
    void itIsAFeatureOfTheOsgiFeatureService(String name) throws Exception {
        try (Reader reader = Files.newBufferedReader(HOME.resolve("features/" + name + ".json"))) {
            org.osgi.service.feature.Feature feature = new FeatureServiceImpl().readFeature(reader);
            assertThat(feature.getID().getArtifactId()).isEqualTo("org.netloop.feature." + name);
            assertThat(feature.getBundles())
                    .hasSameSizeAs(Feature.read(HOME.resolve("features"), name).bundles());
        }
    }

    @ParameterizedTest
    @MethodSource("features")
    void itResolvesAndStarts(String name) throws Exception {
        FrameworkHost host = new FrameworkHost(storage);
        host.start(Deployment.of(HOME, List.of(name)));
        assertThat(host.stop(20_000)).isTrue();
    }

    @Test
    void eachBundleIsNamedOnceAndEachThatIsThereIsNamed() throws Exception {
        List<String> named = new ArrayList<>();
        for (String name : features()) {
            named.addAll(Feature.read(HOME.resolve("features"), name).bundles());
        }
        assertThat(named).doesNotHaveDuplicates();
        Set<Path> files = new HashSet<>(Deployment.of(HOME, features()).bundles().keySet());
        try (Stream<Path> there = Files.list(HOME.resolve("bundles"))) {
            assertThat(there).containsExactlyInAnyOrderElementsOf(files);
        }
    }
}
