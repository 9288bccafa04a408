package org.netloop.console;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.netloop.api.health.Finding;
import org.netloop.api.health.Health;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reports;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * The state of the deployment once a second, as server-sent events. A stream ends after a while,
 * and the browser asks for the next one: so does none last for ever of which nobody reads.
 * Thread-safe.
 */
final class EventPage implements HttpHandler {
    private static final double TAIL = 0.99;
    private static final JSON WITH_NULLS = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private final Reports reports;
    private final Health health;
    private final Limits limits;
    private final Semaphore streams;
    private final BooleanSupplier changes;

    /**
     * Limits of streams.
     *
     * @param events how many a stream has
     * @param pauseMillis the time between two of them
     * @param streams how many there may be at a time
     */
    record Limits(int events, long pauseMillis, int streams) {}

    /**
     * @param changes tells whether something can be changed through the page
     */
    EventPage(Reports reports, Health health, BooleanSupplier changes, Limits limits) {
        this.reports = reports;
        this.health = health;
        this.changes = changes;
        this.limits = limits;
        this.streams = new Semaphore(limits.streams());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!streams.tryAcquire()) {
            Answer.text(exchange, Answer.UNAVAILABLE, "too many pages are open");
            return;
        }
        try (exchange) {
            // Before the page sees the end: its place is free when it comes again.
            try {
                send(exchange);
            } finally {
                streams.release();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(Answer.OK, 0);
        OutputStream out = exchange.getResponseBody();
        out.write("retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII));
        for (int sent = 0; sent < limits.events(); sent++) {
            String event = "data: " + WITH_NULLS.asString(model()) + "\n\n";
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
            Thread.sleep(limits.pauseMillis());
        }
    }

    private Map<String, Object> model() throws InterruptedException {
        List<Health.Outcome> outcomes = health.outcomes();
        List<Map<String, String>> findings =
                Health.findings(outcomes).map(EventPage::finding).toList();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("health", Map.of("status", Health.worst(outcomes).name(), "findings", findings));
        model.put("changes", changes.getAsBoolean());
        model.put("parts", reports.all().stream().map(EventPage::part).toList());
        return model;
    }

    private static Map<String, String> finding(Finding finding) {
        return Map.of("status", finding.status().name(), "sentence", finding.sentence());
    }

    private static Map<String, Object> part(Report report) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("kind", report.kind());
        part.put("name", report.name());
        part.put("state", report.state().name());
        part.put("message", report.message());
        part.put("measures", report.measures().stream().map(EventPage::measure).toList());
        return part;
    }

    private static Map<String, @Nullable Object> measure(Measure measure) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", measure.name());
        members.put("labels", measure.labels());
        switch (measure.value()) {
            case Measure.Text(String text) -> members.put("value", text);
            case Measure.Counter(long count) -> members.put("value", count);
            case Measure.Gauge(double amount) -> members.put("value", amount);
            case Measure.Histogram histogram -> {
                members.put("value", histogram.count());
                double tail = histogram.quantile(TAIL);
                members.put("p99", Double.isFinite(tail) ? tail : null);
            }
        }
        return members;
    }
}
