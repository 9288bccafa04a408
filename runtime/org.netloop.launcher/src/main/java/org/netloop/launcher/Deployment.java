package org.netloop.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Bundles, in the order they are named, and configurations of the chosen features.
 *
 * @param bundles their files, each with the feature that names it
 * @param configurations by PID; of two for one PID the later wins
 */
public record Deployment(Map<Path, String> bundles, Map<String, Map<?, ?>> configurations) {

    /**
     * Resolves features and all that belong to them, against a home of {@code features} and {@code
     * bundles}.
     *
     * @throws LaunchException if a feature or a bundle is not there, or a file is malformed
     */
    public static Deployment of(Path home, List<String> features) throws LaunchException {
        Map<Path, String> bundles = new LinkedHashMap<>();
        Map<String, Map<?, ?>> configurations = new LinkedHashMap<>();
        for (Feature feature : closure(home.resolve("features"), features)) {
            for (String id : feature.bundles()) {
                bundles.putIfAbsent(file(home, feature, id), feature.name());
            }
            configurations.putAll(feature.configurations());
        }
        return new Deployment(bundles, configurations);
    }

    /**
     * Returns the names of features and of all that belong to them, what belongs to another before
     * it.
     *
     * @throws LaunchException if a feature is not there, or a file is malformed
     */
    public static List<String> names(Path home, List<String> features) throws LaunchException {
        return closure(home.resolve("features"), features).stream().map(Feature::name).toList();
    }

    static List<Feature> closure(Path directory, List<String> wanted) throws LaunchException {
        List<Feature> found = new ArrayList<>();
        collect(directory, wanted, new LinkedHashSet<>(), found);
        return found;
    }

    private static void collect(
            Path directory, List<String> wanted, Set<String> seen, List<Feature> found)
            throws LaunchException {
        for (String name : wanted) {
            if (seen.add(name)) {
                Feature feature = Feature.read(directory, name);
                collect(directory, feature.includes(), seen, found);
                found.add(feature);
            }
        }
    }

    /** Returns where the bundle of that id is; it need not exist. */
    static Path path(Path home, String id) {
        String[] parts = id.split(":");
        return home.resolve("bundles").resolve(parts[1] + "-" + parts[2] + ".jar");
    }

    private static Path file(Path home, Feature feature, String id) throws LaunchException {
        Path file = path(home, id);
        if (!Files.isRegularFile(file)) {
            throw new LaunchException(
                    "feature '"
                            + feature.name()
                            + "' names "
                            + id
                            + ", but "
                            + file
                            + " does not exist");
        }
        return file;
    }
}
