package org.netloop.gateway.http;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.status.Measures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Requests that were answered, and how. Thread-safe. */
final class Traffic {
    /** Kinds of answers. */
    enum Outcome {
        /** The object was sent, or the part that was asked for. */
        FOUND,
        /** The client has it already. */
        NOT_MODIFIED,
        /** No mirror has it, or it is not served. */
        MISSING,
        /** No place was free: the client goes elsewhere. */
        REFUSED,
        /** The method is not answered. */
        INVALID,
        /** No mirror answered in time, or what came was wrong. */
        FAILED
    }

    /** Findings are told for so long. */
    private static final Duration TOLD = Duration.ofSeconds(60);

    private final LongSupplier nanoTime;
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final LongAdder sentBytes = new LongAdder();
    private final long began;
    private volatile long refused;
    private volatile long failed;
    private volatile long found;

    /**
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    Traffic(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
        began = nanoTime.getAsLong();
        refused = began;
        failed = began;
        found = began;
    }

    /** Notes an answer. */
    void answered(Outcome outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
        long now = nanoTime.getAsLong();
        switch (outcome) {
            case REFUSED -> refused = now;
            case FAILED -> failed = now;
            case FOUND, NOT_MODIFIED, MISSING -> found = now;
            case INVALID -> {}
        }
    }

    /** Notes bytes of an object that were sent. */
    void sent(long bytes) {
        sentBytes.add(bytes);
    }

    /** Adds the figures. */
    void measure(Measures measures) {
        outcomes.forEach(
                (outcome, count) ->
                        measures.with("answer", outcome.name().toLowerCase(Locale.ROOT))
                                .counter(
                                        "netloop_gateway_requests",
                                        "",
                                        "Requests of neighbours, by answer.",
                                        count.sum()));
        measures.counter(
                "netloop_gateway_sent_bytes",
                "bytes",
                "Bytes of objects sent to neighbours.",
                sentBytes.sum());
    }

    /** Returns what is worth telling of the last minute. */
    List<Finding> findings(String subject) {
        List<Finding> findings = new ArrayList<>();
        if (isRecent(refused)) {
            findings.add(
                    new Finding(
                            HealthStatus.WARN,
                            subject,
                            "clients found no place within the last minute",
                            "raise 'requests' of org.netloop.gateway.http, or add a gateway"));
        }
        if (isRecent(failed) && failed - found > 0) {
            findings.add(
                    new Finding(
                            HealthStatus.WARN,
                            subject,
                            "no mirror answered the latest requests; only cached blocks are served",
                            "check the mirrors in 'repositories' of org.netloop.gateway.http"));
        }
        return findings;
    }

    private boolean isRecent(long event) {
        return event != began && nanoTime.getAsLong() - event < TOLD.toNanos();
    }
}
