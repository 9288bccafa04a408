package org.netloop.control.features;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A feature of the home that the deployment was started from.
 *
 * @param name the name of its file
 * @param description what it brings
 * @param includes the features that it includes
 * @param bundles its own bundles, their symbolic names by their files
 * @param configurations by PID
 */
record Feature(
        String name,
        String description,
        List<String> includes,
        Map<Path, String> bundles,
        Map<String, Map<String, Object>> configurations) {

    /**
     * Reads what the launcher's catalog tells.
     *
     * @param names of its bundles
     */
    static Feature read(Map<?, ?> told, SymbolicNames names) throws IOException {
        Map<Path, String> bundles = new LinkedHashMap<>();
        for (Object file : (List<?>) member(told, "bundles")) {
            bundles.put((Path) file, names.of((Path) file));
        }
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        ((Map<?, ?>) member(told, "configurations"))
                .forEach((pid, values) -> configurations.put(String.valueOf(pid), texts(values)));
        return new Feature(
                (String) member(told, "name"),
                (String) member(told, "description"),
                ((List<?>) member(told, "includes")).stream().map(String::valueOf).toList(),
                bundles,
                configurations);
    }

    private static Object member(Map<?, ?> told, String key) {
        Object value = told.get(key);
        if (value == null) {
            throw new IllegalStateException("the launcher tells no " + key + " of a feature");
        }
        return value;
    }

    private static Map<String, Object> texts(Object values) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (values instanceof Map<?, ?> map) {
            map.forEach((key, value) -> members.put(String.valueOf(key), value));
        }
        return members;
    }
}
