package org.netloop.engine.lease;

import java.util.Map;

/** Tells where a service comes from. Thread-safe. */
@FunctionalInterface
public interface Origins {

    /**
     * The symbolic name and version of its bundle, for messages.
     *
     * @param properties its service properties
     */
    String of(Object service, Map<String, ?> properties);

    /** Names a service by its class: for where there are no bundles. */
    static Origins classes() {
        return (service, _) -> service.getClass().getName();
    }
}
