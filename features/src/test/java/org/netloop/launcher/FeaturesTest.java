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
        return documents("");
    }

    static List<String> appliances() throws IOException {
        return documents("appliances/");
    }

    static List<String> all() throws IOException {
        return Stream.concat(features().stream(), appliances().stream()).toList();
    }

    private static List<String> documents(String folder) throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("features").resolve(folder))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> folder + name.replace(".json", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void itIsAFeatureOfTheOsgiFeatureService(String name) throws Exception {
        try (Reader reader = Files.newBufferedReader(HOME.resolve("features/" + name + ".json"))) {
            org.osgi.service.feature.Feature feature = new FeatureServiceImpl().readFeature(reader);
            assertThat(feature.getID().getArtifactId()).isEqualTo(artifact(name));
            assertThat(feature.getBundles())
                    .hasSameSizeAs(Feature.read(HOME.resolve("features"), name).bundles());
        }
    }

    private static String artifact(String name) {
        return name.startsWith("appliances/")
                ? name.replace("appliances/", "org.netloop.appliance.")
                : "org.netloop.feature." + name;
    }

    @ParameterizedTest
    @MethodSource("all")
    void itResolvesAndStarts(String name) throws Exception {
        FrameworkHost host = new FrameworkHost(storage);
        host.start(Deployment.of(HOME, List.of(name)));
        assertThat(host.stop(20_000)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("appliances")
    void anApplianceIsDescribedWhereTheFeaturesAre(String name) throws Exception {
        assertThat(Files.readString(Path.of("README.md")))
                .contains("| `" + name.replace("appliances/", "") + "` |");
        assertThat(Feature.read(HOME.resolve("features"), name).bundles()).isEmpty();
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
