package org.netloop.console;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;

import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Failures;
import org.netloop.api.status.Measure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures as metric families of the Prometheus client. A text that is one word becomes an {@code
 * info} family; sentences are left out, as each would be a time series of its own. Of measures with
 * the same name and labels the first is kept, and so it is of families of different kinds. Not
 * thread-safe.
 */
final class Families {
    private static final Logger LOG = LoggerFactory.getLogger(Families.class);
    private static final String TEXT_LABEL = "value";

    private final Map<String, Family> families = new LinkedHashMap<>();

    /** A family: what its first measure says, and its points, one for each set of labels. */
    private record Family(Measure first, Map<Labels, DataPointSnapshot> points) {}

    /** Adds measures; returns this. */
    Families addAll(List<Measure> measures) {
        measures.forEach(this::add);
        return this;
    }

    private void add(Measure measure) {
        if (measure.value() instanceof Measure.Text(String text) && text.contains(" ")) {
            return;
        }
        Family family =
                families.computeIfAbsent(
                        measure.name(), _ -> new Family(measure, new LinkedHashMap<>()));
        if (family.first().kind() == measure.kind()) {
            Labels labels = labels(measure.labels());
            family.points().putIfAbsent(labels, point(measure, labels));
        }
    }

    private static Labels labels(Map<String, String> labels) {
        return Labels.of(List.copyOf(labels.keySet()), List.copyOf(labels.values()));
    }

    private static DataPointSnapshot point(Measure measure, Labels labels) {
        return switch (measure.value()) {
            case Measure.Counter(long count) ->
                    new CounterDataPointSnapshot(count, labels, null, 0);
            case Measure.Gauge(double amount) -> new GaugeDataPointSnapshot(amount, labels, null);
            case Measure.Text(String text) ->
                    new InfoDataPointSnapshot(labels.merge(Labels.of(TEXT_LABEL, text)));
            case Measure.Histogram histogram ->
                    new HistogramDataPointSnapshot(
                            buckets(histogram), histogram.sum(), labels, Exemplars.EMPTY, 0);
        };
    }

    private static ClassicHistogramBuckets buckets(Measure.Histogram histogram) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < histogram.counts().size(); i++) {
            boolean last = i == histogram.bounds().size();
            buckets.bucket(
                    last ? Double.POSITIVE_INFINITY : histogram.bounds().get(i),
                    histogram.counts().get(i));
        }
        return buckets.build();
    }

    /** Returns the families. One that the client refuses, by the name it has, is left out. */
    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        for (Family family : families.values()) {
            MetricSnapshot snapshot = snapshotOrNull(family);
            if (snapshot != null) {
                all.metricSnapshot(snapshot);
            }
        }
        return all.build();
    }

    private static @Nullable MetricSnapshot snapshotOrNull(Family family) {
        Measure first = family.first();
        try {
            Unit unit = first.unit().isEmpty() ? null : new Unit(first.unit());
            MetricMetadata told = new MetricMetadata(first.name(), first.help(), unit);
            return snapshot(told, first, family.points().values());
        } catch (IllegalArgumentException e) {
            LOG.warn("measure {} is not exposed: {}", first.name(), Failures.sentence(e));
            return null;
        }
    }

    private static MetricSnapshot snapshot(
            MetricMetadata told, Measure first, Collection<DataPointSnapshot> points) {
        return switch (first.value()) {
            case Measure.Counter _ ->
                    new CounterSnapshot(told, of(CounterDataPointSnapshot.class, points));
            case Measure.Gauge _ ->
                    new GaugeSnapshot(told, of(GaugeDataPointSnapshot.class, points));
            case Measure.Text _ -> new InfoSnapshot(told, of(InfoDataPointSnapshot.class, points));
            case Measure.Histogram _ ->
                    new HistogramSnapshot(told, of(HistogramDataPointSnapshot.class, points));
        };
    }

    private static <P> List<P> of(Class<P> type, Collection<DataPointSnapshot> points) {
        return points.stream().map(type::cast).toList();
    }
}
