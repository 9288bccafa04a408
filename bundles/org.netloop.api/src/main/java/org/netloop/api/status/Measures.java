package org.netloop.api.status;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the measures of one part: they share labels, and are listed in the order in which they
 * were added. Used by one thread.
 */
public final class Measures {
    private final Map<String, String> labels;
    private final List<Measure> all;

    /** Collects measures that have these labels. */
    public Measures(Map<String, String> labels) {
        this(labels, new ArrayList<>());
    }

    private Measures(Map<String, String> labels, List<Measure> all) {
        this.labels = labels;
        this.all = all;
    }

    /** Adds to the same list, with one more label. */
    public Measures with(String label, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(label, value);
        return new Measures(more, all);
    }

    /** Adds a counter; its parameters are those of {@link Measure}. */
    public Measures counter(String name, String unit, String help, long count) {
        return add(name, unit, help, new Measure.Counter(count));
    }

    /** Adds a gauge; one that is not a finite number was not measured yet, and is left out. */
    public Measures gauge(String name, String unit, String help, double amount) {
        return Double.isFinite(amount) ? add(name, unit, help, new Measure.Gauge(amount)) : this;
    }

    /** Adds durations in seconds; its parameters are those of {@link Measure}. */
    public Measures durations(String name, String help, Durations durations) {
        return add(name, "seconds", help, durations.histogram());
    }

    /** Adds a text; an empty one says nothing, and is left out. */
    public Measures text(String name, String help, String text) {
        return text.isEmpty() ? this : add(name, "", help, new Measure.Text(text));
    }

    /** Adds measures as they are: their labels stay their own. */
    public Measures addAll(List<Measure> measures) {
        all.addAll(measures);
        return this;
    }

    private Measures add(String name, String unit, String help, Measure.Value value) {
        all.add(new Measure(name, unit, help, labels, value));
        return this;
    }

    /** Returns a copy of what was added, by whichever of the collectors of this list. */
    public List<Measure> list() {
        return List.copyOf(all);
    }

    /** Returns the number of the first measure of a name; NaN if there is none. */
    public static double number(List<Measure> measures, String name) {
        return measures.stream()
                .filter(measure -> measure.name().equals(name))
                .mapToDouble(Measure::number)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns the text of the first measure of a name; empty if there is none. */
    public static String text(List<Measure> measures, String name) {
        return measures.stream()
                .filter(measure -> measure.name().equals(name))
                .map(Measure::text)
                .findFirst()
                .orElse("");
    }
}
