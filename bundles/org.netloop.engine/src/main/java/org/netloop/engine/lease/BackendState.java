package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * How a backend does, up to now. Immutable.
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

    /** Whether operations are sent to a backend. */
    public enum Condition {
        /** They are. */
        WELL,
        /** It broke its contract lately, and is left alone while another one will do. */
        QUARANTINED,
        /** Operations do not come out of it, and it is left alone while another one will do. */
        HANGING
    }
}
