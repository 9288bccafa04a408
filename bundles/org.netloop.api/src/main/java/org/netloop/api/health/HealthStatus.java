package org.netloop.api.health;

import java.util.Collection;
import java.util.Comparator;

/** Health of a deployment or a part of it, from the best to the worst. */
public enum HealthStatus {
    /** All is as configured. */
    OK,

    /** Clients are served, but a person should look at it soon. */
    WARN,

    /**
     * Some clients are not served, and this is expected to pass by itself. A machine sends no new
     * clients, and waits; it restarts nothing.
     */
    TEMPORARILY_UNAVAILABLE,

    /** Clients are not served, and only a person can change that. */
    CRITICAL;

    /** Returns whether new clients may be sent. */
    public boolean isServing() {
        return this == OK || this == WARN;
    }

    /** Returns the worst of several; OK if there are none. */
    public static HealthStatus worst(Collection<HealthStatus> several) {
        return several.stream().max(Comparator.naturalOrder()).orElse(OK);
    }
}
