package org.netloop.launcher;

import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A feature file in the form of the OSGi Feature Service (OSGi Compendium 159), as far as the
 * launcher needs it. A composition names other features in the extension {@value #INCLUDES}, so
 * that each bundle is named in one file only.
 *
 * @param name the file's name without {@code .json}
 * @param description what it brings; empty if the file does not say
 * @param bundles their ids, {@code group:artifact:version}
 * @param includes the features that belong to it
 * @param configurations by PID
 */
record Feature(
        String name,
        String description,
        List<String> bundles,
        List<String> includes,
        Map<String, Map<?, ?>> configurations) {
    static final String INCLUDES = "netloop-features";
    private static final Pattern BUNDLE = Pattern.compile("[^:/\\s]+:[^:/\\s]+:[^:/\\s]+");

    static Feature read(Path directory, String name) throws LaunchException {
        Path file = directory.resolve(name + ".json");
        try {
            Map<String, Object> members = JSON.std.mapFrom(Files.readString(file));
            if (members == null) {
                throw new LaunchException(file + " holds no JSON object");
            }
            return new Feature(
                    name,
                    String.valueOf(members.getOrDefault("description", "")),
                    bundles(file, members),
                    includes(file, members),
                    configurations(file, members));
        } catch (NoSuchFileException e) {
            throw new LaunchException("there is no feature '" + name + "' in " + directory, e);
        } catch (IOException e) {
            throw new LaunchException(file + " cannot be read: " + Failures.sentence(e), e);
        }
    }

    private static List<String> bundles(Path file, Map<String, Object> members)
            throws LaunchException {
        List<String> bundles = new ArrayList<>();
        for (Object entry : list(file, "bundles", members.getOrDefault("bundles", List.of()))) {
            Object id = entry instanceof Map<?, ?> map ? map.get("id") : entry;
            if (!(id instanceof String text) || !BUNDLE.matcher(text).matches()) {
                throw new LaunchException(
                        file + ": '" + id + "' is not a bundle: expected group:artifact:version");
            }
            bundles.add(text);
        }
        return bundles;
    }

    private static List<String> includes(Path file, Map<String, Object> members)
            throws LaunchException {
        if (!(members.getOrDefault("extensions", Map.of()) instanceof Map<?, ?> extensions)) {
            throw new LaunchException(file + ": extensions is not an object");
        }
        if (!extensions.containsKey(INCLUDES)) {
            return List.of();
        }
        if (!(extensions.get(INCLUDES) instanceof Map<?, ?> extension)) {
            throw new LaunchException(file + ": extension " + INCLUDES + " is not an object");
        }
        List<String> includes = new ArrayList<>();
        for (Object line : list(file, INCLUDES, extension.get("text"))) {
            includes.add(String.valueOf(line));
        }
        return includes;
    }

    private static Map<String, Map<?, ?>> configurations(Path file, Map<String, Object> members)
            throws LaunchException {
        Map<String, Map<?, ?>> configurations = new LinkedHashMap<>();
        if (!(members.getOrDefault("configurations", Map.of()) instanceof Map<?, ?> entries)) {
            throw new LaunchException(file + ": configurations is not an object");
        }
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            if (!(entry.getValue() instanceof Map<?, ?> properties)) {
                throw new LaunchException(
                        file + ": configuration " + entry.getKey() + " is not an object");
            }
            configurations.put(String.valueOf(entry.getKey()), properties);
        }
        return configurations;
    }

    private static List<?> list(Path file, String member, @Nullable Object value)
            throws LaunchException {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new LaunchException(file + ": " + member + " is not a list");
    }
}
