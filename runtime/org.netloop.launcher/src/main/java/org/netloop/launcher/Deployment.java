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
 * What chosen features come to: bundles in the order they are named, and configurations.
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

    private static List<Feature> closure(Path directory, List<String> wanted)
            throws LaunchException {
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

    private static Path file(Path home, Feature feature, String id) throws LaunchException {
        String[] parts = id.split(":");
        Path file = home.resolve("bundles").resolve(parts[1] + "-" + parts[2] + ".jar");
        if (!Files.isRegularFile(file)) {
            throw new LaunchException(
                    "feature '"
                            + feature.name()
                            + "' names "
                            + id
                            + ", but "
                            + file
                            + " is not there");
        }
        return file;
    }
}
