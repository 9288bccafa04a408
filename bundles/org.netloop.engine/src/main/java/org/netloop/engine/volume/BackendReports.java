package org.netloop.engine.volume;

import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.engine.lease.BackendState;

import java.util.Map;

/** Reports of the backends that an engine uses, for status and metrics. */
final class BackendReports {
    private BackendReports() {}

    /** Returns the report of a backend, named by its keys and its bundle. */
    static Report of(BackendState state) {
        Report.State is =
                state.condition() == BackendState.Condition.WELL
                        ? Report.State.GOOD
                        : Report.State.QUARANTINED;
        String last = state.lastFault() == null ? "" : state.lastFault();
        String name = state.name();
        Measures measures = new Measures(Map.of("contract", state.kind())).with("backend", name);
        measures.gauge(
                        "netloop_backend_pending_operations",
                        "",
                        "Operations inside the backend.",
                        state.inside())
                .counter(
                        "netloop_backend_faults",
                        "",
                        "Times the backend broke its contract.",
                        state.faults())
                .text("netloop_backend_last_fault", "What it did the last time.", last);
        return new Report(
                new Report.Part(state.kind(), name, state.bundle()),
                is,
                is == Report.State.GOOD ? "" : last,
                0,
                measures.list());
    }
}
