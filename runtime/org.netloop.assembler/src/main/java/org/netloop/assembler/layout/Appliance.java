package org.netloop.assembler.layout;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.message.Failures;
import org.netloop.assembler.AssemblyException;
import org.netloop.launcher.Deployment;
import org.netloop.launcher.LaunchException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An appliance, resolved: all that goes into it is there.
 *
 * @param name how it is called: the appliance's name, or the features joined by {@code +}
 * @param description one sentence
 * @param sources what it was chosen from
 * @param document the appliance's own, as JSON; only its features if it is a list of those
 * @param features names of all its features
 * @param deployment bundles and configurations of all its features
 * @param plugins jars that no feature names
 * @param settings what the assembly has to know
 */
public record Appliance(
        String name,
        String description,
        Sources sources,
        Map<String, Object> document,
        List<String> features,
        Deployment deployment,
        List<Path> plugins,
        Settings settings) {
    private static final String FOLDER = "appliances/";
    private static final String SUFFIX = ".json";

    /**
     * Resolves a choice. One name may be an appliance's, or the path of an appliance's file.
     *
     * @throws AssemblyException if something is missing, malformed or not what its digest says
     */
    public static Appliance resolve(Sources sources) throws AssemblyException, IOException {
        String first = sources.names().getFirst();
        Path file = file(sources.home(), first);
        try {
            if (sources.names().size() == 1 && Files.isRegularFile(file)) {
                return appliance(sources, file);
            }
            Deployment deployment = Deployment.of(sources.home(), sources.names());
            return new Appliance(
                    String.join("+", sources.names()),
                    "Netloop with the features " + String.join(", ", sources.names()),
                    sources,
                    Map.of("extensions", includes(sources.names())),
                    Deployment.names(sources.home(), sources.names()),
                    deployment,
                    sources.plugins(),
                    Settings.NONE);
        } catch (LaunchException e) {
            throw new AssemblyException(e.getMessage() + hint(sources), e);
        }
    }

    private static Path file(Path home, String name) {
        return name.endsWith(SUFFIX)
                ? Path.of(name).toAbsolutePath().normalize()
                : home.resolve("features").resolve(FOLDER + name + SUFFIX);
    }

    private static String hint(Sources sources) {
        return "; add it to " + sources.home() + ", or leave the feature out";
    }

    private static Appliance appliance(Sources sources, Path file)
            throws AssemblyException, IOException, LaunchException {
        Map<String, Object> members = members(file);
        String path = file.toString();
        List<String> itself = List.of(path.substring(0, path.length() - SUFFIX.length()));
        Settings settings = settings(file, members);
        List<Path> plugins = new ArrayList<>(Plugins.of(file, settings.plugins()));
        plugins.addAll(sources.plugins());
        return new Appliance(
                String.valueOf(file.getFileName()).replace(SUFFIX, ""),
                String.valueOf(members.getOrDefault("description", "A Netloop appliance")),
                sources,
                members,
                Deployment.names(sources.home(), itself).stream()
                        .filter(name -> !name.equals(itself.getFirst()))
                        .toList(),
                Deployment.of(sources.home(), itself),
                plugins,
                settings);
    }

    private static Map<String, Object> members(Path file) throws AssemblyException {
        try {
            Map<String, Object> members = JSON.std.mapFrom(Files.readString(file));
            if (members != null) {
                return members;
            }
        } catch (IOException e) {
            throw new AssemblyException(file + " cannot be read: " + Failures.sentence(e), e);
        }
        throw new AssemblyException(file + " holds no JSON object");
    }

    private static Settings settings(Path file, Map<String, Object> members)
            throws AssemblyException {
        return members.get("extensions") instanceof Map<?, ?> extensions
                        && extensions.get(Settings.EXTENSION) instanceof Map<?, ?> extension
                        && extension.get("json") instanceof Map<?, ?> told
                ? Settings.of(file.toString(), told)
                : Settings.NONE;
    }

    private static Map<String, Object> includes(List<String> features) {
        // In an order of their own: what is written of it has to be equal each time.
        Map<String, Object> extension = new LinkedHashMap<>();
        extension.put("kind", "mandatory");
        extension.put("type", "text");
        extension.put("text", features);
        return Map.of("netloop-features", extension);
    }

    /** Returns all that runs in the framework, the plugins too. */
    public Deployment everything() {
        Map<Path, String> bundles = new LinkedHashMap<>(deployment.bundles());
        plugins.forEach(plugin -> bundles.put(plugin, "of the plugins"));
        return new Deployment(bundles, deployment.configurations());
    }

    /** Returns all jars that run in the framework: of the features, then the plugins. */
    public List<Path> jars() {
        List<Path> jars = new ArrayList<>(deployment.bundles().keySet());
        jars.addAll(plugins);
        return jars;
    }
}
