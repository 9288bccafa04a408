package org.netloop.api.status;

import org.netloop.api.message.Secrets;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Figure about a part of a deployment. Immutable, and free of secrets. Names, units and labels
 * follow the conventions of OpenMetrics (RFC draft, "MetricFamily"), so that a measure reads the
 * same in the status file, in {@code netloop status}, in JSON and at a metrics endpoint.
 *
 * @param name the family's name: {@code netloop_volume_read_bytes}; ends with the unit, if there is
 *     one, and never with {@code _total}, which an endpoint adds to counters
 * @param unit the base unit: {@code bytes}, {@code seconds}, {@code ratio}; empty for a count
 * @param help a sentence that describes the figure
 * @param labels distinguish this figure from others with its name: {@code volume}, {@code mirror},
 *     {@code frontend}; in the order in which they are shown
 * @param value the figure
 */
public record Measure(
        String name, String unit, String help, Map<String, String> labels, Value value) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final String COUNTER_SUFFIX = "_total";
    private static final double INFINITE = Double.POSITIVE_INFINITY;
    private static final double TAIL = 0.99;

    /** The kinds of measures, by their names in OpenMetrics where there is one. */
    public enum Kind {
        /** Only grows, from 0 at the opening of what is measured. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts observations by their size; from 0 at the opening of what is measured. */
        HISTOGRAM,
        /** A word or sentence; a label of an {@code info} family at a metrics endpoint. */
        TEXT
    }

    /** The figure itself. */
    public sealed interface Value {}

    /**
     * A count.
     *
     * @param count at least 0
     */
    public record Counter(long count) implements Value {}

    /**
     * A figure that goes up and down.
     *
     * @param amount in the measure's unit; finite
     */
    public record Gauge(double amount) implements Value {}

    /**
     * Observations, counted by their size. Immutable.
     *
     * @param bounds the inclusive upper bounds of all buckets but the last, which has none; in the
     *     measure's unit, finite and ascending
     * @param counts the number of observations in each bucket, one more than there are bounds; not
     *     cumulative
     * @param sum the sum of all observations, in the measure's unit; finite, at least 0
     */
    public record Histogram(List<Double> bounds, List<Long> counts, double sum) implements Value {
        /**
         * Copies the lists.
         *
         * @throws IllegalArgumentException if they do not fit together or a value is out of range
         */
        public Histogram {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
            if (counts.size() != bounds.size() + 1) {
                throw new IllegalArgumentException(
                        counts.size() + " counts for " + bounds.size() + " bounds of buckets");
            }
            for (int i = 0; i < bounds.size(); i++) {
                if (!Double.isFinite(bounds.get(i))
                        || i > 0 && bounds.get(i) <= bounds.get(i - 1)) {
                    throw new IllegalArgumentException(
                            "bounds of buckets do not ascend: " + bounds);
                }
            }
            if (counts.stream().anyMatch(count -> count < 0) || !(sum >= 0 && sum < INFINITE)) {
                throw new IllegalArgumentException("a count is negative, or the sum is " + sum);
            }
        }

        /** Returns the number of observations. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }

        /** Returns the mean of all observations; NaN if there are none. */
        public double mean() {
            return sum / count();
        }

        /**
         * Returns the upper bound of the bucket that holds a share of all observations together
         * with those below it: infinite for the last bucket, NaN if there are no observations.
         *
         * @param share from 0 to 1
         */
        public double quantile(double share) {
            long all = count();
            long below = 0;
            for (int i = 0; all > 0 && i < bounds.size(); i++) {
                below += counts.get(i);
                if (below >= share * all) {
                    return bounds.get(i);
                }
            }
            return all == 0 ? Double.NaN : INFINITE;
        }

        /** Returns a summary for people: {@code count=12 mean=0.05 p99=0.131072}. */
        @Override
        public String toString() {
            return count() == 0
                    ? "count=0"
                    : "count=%d mean=%.3g p99=%s".formatted(count(), mean(), quantile(TAIL));
        }
    }

    /**
     * A word or sentence.
     *
     * @param text without secrets once it is part of a measure
     */
    public record Text(String text) implements Value {}

    /**
     * Copies the labels, and takes secrets out of all text.
     *
     * @throws IllegalArgumentException if the name or a label's name is malformed, the name does
     *     not end with the unit, or the value is out of its range
     */
    public Measure {
        if (!NAME.matcher(name).matches() || name.endsWith(COUNTER_SUFFIX)) {
            throw new IllegalArgumentException("'" + name + "' is not a valid name of a measure");
        }
        if (!unit.isEmpty() && !name.endsWith("_" + unit)) {
            throw new IllegalArgumentException(
                    "measure " + name + " has the unit " + unit + ", and must end with _" + unit);
        }
        Map<String, String> safe = new LinkedHashMap<>();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!NAME.matcher(label.getKey()).matches()) {
                throw new IllegalArgumentException(
                        "measure " + name + " has the malformed label '" + label.getKey() + "'");
            }
            safe.put(label.getKey(), shown(label.getKey(), label.getValue()));
        }
        labels = Collections.unmodifiableMap(safe);
        value =
                switch (value) {
                    case Counter(long count) when count < 0 ->
                            throw new IllegalArgumentException("counter " + name + " is " + count);
                    case Gauge(double amount) when !Double.isFinite(amount) ->
                            throw new IllegalArgumentException("gauge " + name + " is " + amount);
                    case Text(String text) -> new Text(shown(name, text));
                    case Counter _, Gauge _, Histogram _ -> value;
                };
    }

    /** Returns the text to show; a value whose name is that of a secret is hidden entirely. */
    private static String shown(String name, String text) {
        return Secrets.isSecret(name) ? Secrets.HIDDEN : Secrets.hide(text);
    }

    /** Returns the kind of its value. */
    public Kind kind() {
        return switch (value) {
            case Counter _ -> Kind.COUNTER;
            case Gauge _ -> Kind.GAUGE;
            case Histogram _ -> Kind.HISTOGRAM;
            case Text _ -> Kind.TEXT;
        };
    }

    /** Returns the value as a number; the mean of a histogram; NaN for a text. */
    public double number() {
        return switch (value) {
            case Counter(long count) -> count;
            case Gauge(double amount) -> amount;
            case Histogram histogram -> histogram.mean();
            case Text _ -> Double.NaN;
        };
    }

    /**
     * Returns the value as text: a number in decimal, without a fraction if it is whole; a summary
     * of a histogram.
     */
    public String text() {
        return switch (value) {
            case Counter(long count) -> Long.toString(count);
            case Gauge(double amount) -> isWhole() ? Long.toString((long) amount) : "" + amount;
            case Histogram histogram -> histogram.toString();
            case Text(String text) -> text;
        };
    }

    /** Returns whether the value is a whole number that a long can hold exactly. */
    public boolean isWhole() {
        return switch (value) {
            case Counter _ -> true;
            case Gauge(double amount) -> amount == Math.rint(amount) && isExact(amount);
            case Histogram _, Text _ -> false;
        };
    }

    private static boolean isExact(double number) {
        return Math.abs(number) <= 1L << Double.PRECISION;
    }

    /** Returns the measure as a line: {@code netloop_volume_reads{volume="root"} 12}. */
    @Override
    public String toString() {
        String told =
                labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + quoted(label.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
        return name
                + (labels.isEmpty() ? "" : told)
                + " "
                + switch (value) {
                    case Counter _, Gauge _ -> text();
                    case Histogram _, Text _ -> quoted(text());
                };
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
