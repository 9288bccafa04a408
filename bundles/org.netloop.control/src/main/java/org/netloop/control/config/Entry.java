package org.netloop.control.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One configuration, as it is written in a file.
 *
 * @param file where it is written
 * @param line of its PID, from 1
 * @param pid the PID, with {@code ~name} for one of several
 * @param values by key, in the order of the file
 * @param end where in the file its object is closed, in characters
 */
public record Entry(Path file, int line, String pid, Map<String, Value> values, int end) {
    private static final char FACTORY_SEPARATOR = '~';

    /**
     * A value, as it is written in a file.
     *
     * @param value a String, Long, Double, Boolean, or a List of them
     * @param line of its key, from 1
     * @param keyStart where its key begins, in characters
     * @param start where it begins
     * @param end where it has ended
     */
    public record Value(Object value, int line, int keyStart, int start, int end) {}

    /** The PID of its kind: without the name. */
    public String kind() {
        int separator = pid.indexOf(FACTORY_SEPARATOR);
        return separator < 0 ? pid : pid.substring(0, separator);
    }

    /** Returns its name among those of its kind; empty if there is only one. */
    public String name() {
        int separator = pid.indexOf(FACTORY_SEPARATOR);
        return separator < 0 ? "" : pid.substring(separator + 1);
    }

    /** Returns the configured values, without their position in the file. */
    public Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        values.forEach((key, value) -> properties.put(key, value.value()));
        return properties;
    }

    Problem problem(String what) {
        return new Problem(file, line, pid, what);
    }

    Problem problem(String key, String what) {
        Value value = values.get(key);
        return new Problem(file, value == null ? line : value.line(), pid + "/" + key, what);
    }
}
