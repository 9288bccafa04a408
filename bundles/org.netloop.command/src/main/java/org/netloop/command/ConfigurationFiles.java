package org.netloop.command;

import com.fasterxml.jackson.jr.ob.JSON;

import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;

/**
 * The configurations in a directory: {@code *.json} files in the form of the OSGi Configurator
 * (OSGi Compendium 150), an object whose members are PIDs, {@code pid~name} for one of several.
 */
final class ConfigurationFiles {
    private static final char FACTORY_SEPARATOR = '~';

    /**
     * One configuration.
     *
     * @param pid the PID, with {@code ~name} for one of several
     * @param properties what is configured
     */
    record Entry(String pid, Dictionary<String, Object> properties) {}

    private ConfigurationFiles() {}

    /** Reads all files of a directory, in the order of their names, before anything is applied. */
    static List<Entry> read(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.json")) {
            found.forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new IOException(directory + " has no configuration: expected *.json files in it");
        }
        Collections.sort(files);
        List<Entry> entries = new ArrayList<>();
        for (Path file : files) {
            readFile(file, entries);
        }
        return entries;
    }

    private static void readFile(Path file, List<Entry> entries) throws IOException {
        Map<String, Object> members;
        try {
            members =
                    JSON.std
                            .with(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS)
                            .mapFrom(Files.readString(file));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        for (Map.Entry<String, Object> member : members.entrySet()) {
            if (member.getKey().startsWith(":configurator:")) {
                continue;
            }
            if (!(member.getValue() instanceof Map<?, ?> values)) {
                throw new IOException(file + ": " + member.getKey() + " is not an object");
            }
            entries.add(new Entry(member.getKey(), properties(file, member.getKey(), values)));
        }
    }

    private static Dictionary<String, Object> properties(Path file, String pid, Map<?, ?> values)
            throws IOException {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (Map.Entry<?, ?> value : values.entrySet()) {
            properties.put(
                    String.valueOf(value.getKey()),
                    property(file, pid + "/" + value.getKey(), value.getValue()));
        }
        return properties;
    }

    private static Object property(Path file, String where, Object value) throws IOException {
        return switch (value) {
            case String text -> text;
            case Boolean flag -> flag;
            case Integer number -> number.longValue();
            case Long number -> number;
            case Double number -> number;
            case List<?> several -> several.stream().map(String::valueOf).toArray(String[]::new);
            case null, default ->
                    throw new IOException(
                            file
                                    + ": "
                                    + where
                                    + " is neither text, number, flag nor a list of them");
        };
    }

    /** Hands one configuration to Configuration Admin. */
    static void apply(ConfigurationAdmin admin, Entry entry) throws IOException {
        int separator = entry.pid().indexOf(FACTORY_SEPARATOR);
        Configuration configuration =
                separator < 0
                        ? admin.getConfiguration(entry.pid(), "?")
                        : admin.getFactoryConfiguration(
                                entry.pid().substring(0, separator),
                                entry.pid().substring(separator + 1),
                                "?");
        configuration.update(entry.properties());
    }
}
