package org.netloop.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.netloop.api.health.Health;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All measures of a deployment, the state of each part and the health, as a page that Prometheus
 * scrapes. Thread-safe.
 */
final class MetricsPage implements HttpHandler {
    private final Reports reports;
    private final Health health;

    MetricsPage(Reports reports, Health health) {
        this.reports = reports;
        this.health = health;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Exposition form = Exposition.accepted(exchange.getRequestHeaders().getFirst("Accept"));
        try {
            Answer.send(exchange, Answer.OK, form.type(), form.text(measures()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            Answer.text(exchange, Answer.UNAVAILABLE, "it is being stopped");
        }
    }

    private List<Measure> measures() throws InterruptedException {
        List<Measure> all = new ArrayList<>();
        for (Report report : reports.all()) {
            all.addAll(report.measures());
            all.addAll(state(report));
        }
        all.addAll(Process.measures());
        for (Health.Outcome outcome : health.outcomes()) {
            all.addAll(status(outcome));
        }
        return all;
    }

    /** Returns one figure for each state: 1 for that which the part is in. */
    private static List<Measure> state(Report report) {
        Measures measures = new Measures(Map.of("kind", report.kind()));
        for (Report.State state : Report.State.values()) {
            measures.with("name", report.name())
                    .with("state", state.name())
                    .gauge(
                            "netloop_part_state",
                            "",
                            "1 for the state that a part is in, else 0.",
                            report.state() == state ? 1 : 0);
        }
        return measures.list();
    }

    private static List<Measure> status(Health.Outcome outcome) {
        Measures measures = new Measures(Map.of("check", outcome.check()));
        for (HealthStatus status : HealthStatus.values()) {
            measures.with("status", status.name())
                    .gauge(
                            "netloop_health_status",
                            "",
                            "1 for the status that a health check has, else 0.",
                            outcome.status() == status ? 1 : 0);
        }
        return measures.list();
    }
}
