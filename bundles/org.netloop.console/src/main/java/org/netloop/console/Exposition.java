package org.netloop.console;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import org.jspecify.annotations.Nullable;
import org.netloop.api.status.Measure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** The forms of text in which measures are exposed: OpenMetrics 1.0, and Prometheus's own 0.0.4. */
enum Exposition {
    /** The text format of the OpenMetrics specification. */
    OPEN_METRICS(OpenMetricsTextFormatWriter.create()),

    /** The text format of Prometheus. */
    PROMETHEUS(PrometheusTextFormatWriter.create());

    private final ExpositionFormatWriter writer;

    Exposition(ExpositionFormatWriter writer) {
        this.writer = writer;
    }

    /** Returns the form that a client asks for in its header {@code Accept}. */
    static Exposition accepted(@Nullable String accept) {
        return OPEN_METRICS.writer.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
    }

    /** Returns the media type. */
    String type() {
        return writer.getContentType();
    }

    /** Returns measures as text in UTF-8; which of them is up to {@link Families}. */
    byte[] text(List<Measure> measures) throws IOException {
        MetricSnapshots families = new Families().addAll(measures).snapshots();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, families);
        return text.toByteArray();
    }
}
