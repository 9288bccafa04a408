package org.netloop.control.config;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.api.message.Secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells in which keys two configurations differ, however their files are written. */
public final class Difference {
    private Difference() {}

    /**
     * Returns a line for each value that only one of them has: {@code - PID KEY = VALUE} of the
     * former, {@code + PID KEY = VALUE} of the latter. A secret is hidden; a line of the latter
     * says if a hidden one is another.
     *
     * @param before texts of its files, by their paths
     * @param after texts of its files, by their paths
     */
    public static List<String> lines(Map<Path, String> before, Map<Path, String> after)
            throws IOException {
        Map<String, Object> one = values(before);
        Map<String, Object> other = values(after);
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        List<String> lines = new ArrayList<>();
        for (String key : keys) {
            Object old = one.get(key);
            Object fresh = other.get(key);
            if (old != null && !old.equals(fresh)) {
                lines.add("- " + shown(key, old));
            }
            if (fresh != null && !fresh.equals(old)) {
                boolean looksEqual = old != null && shown(key, old).equals(shown(key, fresh));
                lines.add("+ " + shown(key, fresh) + (looksEqual ? " (another secret)" : ""));
            }
        }
        return lines;
    }

    private static Map<String, Object> values(Map<Path, String> texts) {
        Map<String, Object> values = new TreeMap<>();
        for (Entry entry : ConfigFiles.of(texts).entries()) {
            values.put(entry.pid(), Map.of());
            entry.properties().forEach((key, value) -> values.put(entry.pid() + " " + key, value));
        }
        return values;
    }

    private static String shown(String key, Object value) throws IOException {
        int space = key.indexOf(' ');
        if (space < 0) {
            return key;
        }
        return key
                + " = "
                + (Secrets.isSecret(key.substring(space + 1))
                        ? Secrets.HIDDEN
                        : Secrets.hide(JSON.std.asString(value)));
    }
}
