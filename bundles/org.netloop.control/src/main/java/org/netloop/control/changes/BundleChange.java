package org.netloop.control.changes;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A change of one bundle, compared with what features and plugins bring.
 *
 * @param name its symbolic name
 * @param over the version that features or plugins brought when it was changed; empty if none
 * @param state what became of it
 * @param source what runs in its place; null for the one that features or plugins bring
 */
public record BundleChange(String name, String over, State state, @Nullable Source source) {

    /** State of a changed bundle. */
    public enum State {
        /** Running. */
        RUNS,
        /** Stopped, and still installed. */
        STOPPED,
        /** Uninstalled. */
        REMOVED
    }

    /**
     * A kept jar, and what it was made from.
     *
     * @param file its name in the directory of kept jars
     * @param version of the bundle
     * @param digest {@code sha256:HEX} of the jar
     * @param from the file that it was installed from
     * @param since when, in ISO 8601
     */
    public record Source(String file, String version, String digest, String from, String since) {}

    /** The same with another state. */
    BundleChange with(State other) {
        return new BundleChange(name, over, other, source);
    }

    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("over", over);
        members.put("state", state.name());
        if (source != null) {
            members.put("file", source.file());
            members.put("version", source.version());
            members.put("digest", source.digest());
            members.put("from", source.from());
            members.put("since", source.since());
        }
        return members;
    }

    /**
     * Reads what {@link #members} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static BundleChange read(Map<?, ?> members) {
        Source source =
                members.get("file") == null
                        ? null
                        : new Source(
                                fileName(text(members, "file")),
                                text(members, "version"),
                                text(members, "digest"),
                                text(members, "from"),
                                text(members, "since"));
        return new BundleChange(
                text(members, "name"),
                text(members, "over"),
                State.valueOf(text(members, "state")),
                source);
    }

    private static String fileName(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a kept file");
        }
        return name;
    }

    private static String text(Map<?, ?> members, String key) {
        if (members.get(key) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("it lacks the text '" + key + "'");
    }
}
