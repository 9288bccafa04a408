package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.TreeSet;

/**
 * State and counters of a backend. Immutable.
 *
 * @param kind what it is: {@code codec}
 * @param keys what it is good for
 * @param origin the symbolic name and version of its bundle
 * @param bundle the id of its bundle; -1 outside of a framework
 * @param condition whether operations are sent to it
 * @param inside how many operations are inside it
 * @param faults how often it broke its contract since it came
 * @param lastFault what it did the last time; null if it never did
 */
public record BackendState(
        String kind,
        Set<String> keys,
        String origin,
        long bundle,
        Condition condition,
        int inside,
        long faults,
        @Nullable String lastFault) {

    /** Returns what tells the backend from others of its kind. */
    public String name() {
        return name(keys, origin);
    }

    /** A backend that is good for everything of its kind is named by its bundle alone. */
    static String name(Set<String> keys, String origin) {
        Set<String> told = new TreeSet<>(keys);
        told.remove("");
        return told.isEmpty() ? origin : String.join(", ", told) + " of " + origin;
    }

    /** Willingness to send operations to a backend. */
    public enum Condition {
        /** Operations are sent. */
        WELL,
        /**
         * The backend broke its contract recently, and is left alone while another one is
         * available.
         */
        QUARANTINED,
        /** Operations do not come out of it, and it is left alone while another one will do. */
        HANGING
    }
}
