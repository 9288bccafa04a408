package org.netloop.launcher;

import org.osgi.framework.BundleContext;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Tells the bundles of a running deployment which features its home has: of the given names and all
 * that belong to them, what belongs to another before it; of no names, all there are. Each is a map
 * of {@code name}, {@code description}, {@code includes} (a list of names), {@code bundles} (a list
 * of {@link Path}, which need not exist) and {@code configurations} (maps by PID). Thread-safe.
 *
 * <p>Throws {@link IllegalArgumentException} with a message for people if there is no such feature.
 */
final class FeatureCatalog implements Function<List<String>, List<Map<String, Object>>> {
    private static final String SUFFIX = ".json";

    private final Path home;

    private FeatureCatalog(Path home) {
        this.home = home;
    }

    /** Registers the catalog of a home as a service that {@code netloop.features=true} selects. */
    static void register(BundleContext context, Path home) {
        context.registerService(
                Function.class,
                new FeatureCatalog(home),
                new Hashtable<>(Map.of("netloop.features", true)));
    }

    @Override
    public List<Map<String, Object>> apply(List<String> names) {
        try {
            List<Map<String, Object>> told = new ArrayList<>();
            for (Feature feature :
                    Deployment.closure(
                            home.resolve("features"), names.isEmpty() ? available() : names)) {
                told.add(
                        Map.of(
                                "name",
                                feature.name(),
                                "description",
                                feature.description(),
                                "includes",
                                feature.includes(),
                                "bundles",
                                feature.bundles().stream()
                                        .map(id -> Deployment.path(home, id))
                                        .toList(),
                                "configurations",
                                feature.configurations()));
            }
            return told;
        } catch (LaunchException | IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private List<String> available() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(home.resolve("features"), "*" + SUFFIX)) {
            for (Path file : all) {
                String name = file.getFileName().toString();
                names.add(name.substring(0, name.length() - SUFFIX.length()));
            }
        }
        return List.copyOf(names);
    }
}
