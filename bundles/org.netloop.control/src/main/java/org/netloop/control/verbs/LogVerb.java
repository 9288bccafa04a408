package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.control.registry.Services;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code log.recent}: the last warnings and errors of the process, the latest first. */
final class LogVerb implements ControlVerb {
    static final List<String> NAMES = List.of("log.recent");

    /** The service of the launcher that tells them: what writes the log is no bundle. */
    private static final String RECENT = "(netloop.log.recent=true)";

    private final Services services;

    LogVerb(Services services) {
        this.services = services;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) {
        Object lines = services.first(Supplier.class, RECENT).map(Supplier::get).orElse(List.of());
        return Map.of("lines", lines);
    }
}
