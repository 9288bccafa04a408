package org.netloop.fleet;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Outcomes as a Markdown table and as JSON. */
final class Report {
    private static final double MEGA = 1e6;

    private Report() {}

    /**
     * Returns a table of all outcomes.
     *
     * @param stored bytes that one machine's boot needs
     */
    static String table(List<Outcome> outcomes, double stored) {
        String head =
                """
                | place | tier | machines | MB over the distant link | of one machine's | first boot, s \
                | median, s | last, s | all up after, s |
                |---|---|---|---|---|---|---|---|---|
                """;
        return head
                + outcomes.stream()
                        .map(outcome -> row(outcome, stored))
                        .collect(Collectors.joining());
    }

    private static String row(Outcome outcome, double stored) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,d | %,.0f | %,.2f | %,.1f | %,.1f | %,.1f | %,.0f |%n",
                outcome.place().name(),
                outcome.kind().label(),
                outcome.machines(),
                outcome.distant() / MEGA,
                outcome.distant() / stored,
                outcome.first(),
                outcome.median(),
                outcome.last(),
                outcome.up());
    }

    /** Returns the outcomes as an array of objects: bytes, and seconds. */
    static String json(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(Report::object)
                .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    private static String object(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "{\"place\": \"%s\", \"tier\": \"%s\", \"machines\": %d, \"distantBytes\": %.0f,"
                        + " \"first\": %.3f, \"median\": %.3f, \"last\": %.3f, \"up\": %.3f}",
                outcome.place().name(),
                outcome.kind().label(),
                outcome.machines(),
                outcome.distant(),
                outcome.first(),
                outcome.median(),
                outcome.last(),
                outcome.up());
    }
}
