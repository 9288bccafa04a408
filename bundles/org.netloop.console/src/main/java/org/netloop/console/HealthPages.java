package org.netloop.console;

import com.sun.net.httpserver.HttpExchange;

import org.netloop.api.health.Health;
import org.netloop.api.health.HealthStatus;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The two questions that orchestrators and load balancers ask. Thread-safe. */
final class HealthPages {
    private final Health health;

    HealthPages(Health health) {
        this.health = health;
    }

    /** Says that the process answers: whatever else is wrong, a restart would not mend it. */
    void live(HttpExchange exchange) throws IOException {
        Answer.text(exchange, Answer.OK, "live");
    }

    /** Says whether new clients may be sent, and all that was found. */
    void ready(HttpExchange exchange) throws IOException {
        try {
            List<Health.Outcome> outcomes = health.outcomes();
            HealthStatus worst = Health.worst(outcomes);
            String findings =
                    Health.findings(outcomes)
                            .map(each -> "\n" + each.status() + " " + each.sentence())
                            .collect(Collectors.joining());
            Answer.text(
                    exchange, worst.isServing() ? Answer.OK : Answer.UNAVAILABLE, worst + findings);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            Answer.text(exchange, Answer.UNAVAILABLE, "it is being stopped");
        }
    }
}
