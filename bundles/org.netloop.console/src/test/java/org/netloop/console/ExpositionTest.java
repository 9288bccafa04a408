package org.netloop.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.status.Durations;
import org.netloop.api.status.Measures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The two forms of text. */
class ExpositionTest {
    private final Measures measures = new Measures(Map.of("volume", "a\"b\\c\nd"));

    private static String text(Exposition form, Measures measures) throws IOException {
        return new String(form.text(measures.list()), StandardCharsets.UTF_8);
    }

    @Test
    void theFormIsWhatTheClientAccepts() {
        assertThat(Exposition.accepted(null)).isEqualTo(Exposition.PROMETHEUS);
        assertThat(Exposition.accepted("text/html, */*")).isEqualTo(Exposition.PROMETHEUS);
        assertThat(Exposition.accepted("application/openmetrics-text;version=1.0.0,*/*;q=0.1"))
                .isEqualTo(Exposition.OPEN_METRICS);
    }

    @Test
    void aNameThatTheFormatsReserveIsLeftOut() throws IOException {
        measures.gauge("netloop_a_bucket", "", "A.", 1).gauge("netloop_b", "", "B.", 1);
        assertThat(text(Exposition.OPEN_METRICS, measures)).contains("netloop_b{");
    }

    @Test
    void openMetricsNamesFamiliesWithoutSuffixes() throws IOException {
        measures.counter("netloop_read_bytes", "bytes", "Bytes.", 3)
                .text("netloop_condition", "Condition.", "GOOD");
        assertThat(text(Exposition.OPEN_METRICS, measures))
                .isEqualTo(
                        """
                        # TYPE netloop_condition info
                        # HELP netloop_condition Condition.
                        netloop_condition_info{value="GOOD",volume="a\\"b\\\\c\\nd"} 1
                        # TYPE netloop_read_bytes counter
                        # UNIT netloop_read_bytes bytes
                        # HELP netloop_read_bytes Bytes.
                        netloop_read_bytes_total{volume="a\\"b\\\\c\\nd"} 3.0
                        # EOF
                        """);
    }

    @Test
    void prometheusNamesThemAsTheirSamples() throws IOException {
        measures.counter("netloop_reads", "", "Reads.", 3)
                .text("netloop_condition", "Condition.", "GOOD")
                .text("netloop_failure", "Failure.", "it is a sentence");
        assertThat(text(Exposition.PROMETHEUS, measures))
                .contains(
                        "# TYPE netloop_reads_total counter\n",
                        "# TYPE netloop_condition_info gauge\n")
                .doesNotContain("UNIT", "EOF", "sentence");
    }

    @Test
    void bucketsAreCumulative() throws IOException {
        Durations durations = new Durations();
        durations.add(1_500);
        durations.add(1_500);
        durations.add(60_000_000_000L);
        String text =
                text(
                        Exposition.PROMETHEUS,
                        new Measures(Map.of())
                                .durations("netloop_wait_seconds", "Waits.", durations));
        assertThat(text)
                .contains(
                        "netloop_wait_seconds_bucket{le=\"1.0E-6\"} 0\n",
                        "netloop_wait_seconds_bucket{le=\"2.0E-6\"} 2\n",
                        "netloop_wait_seconds_bucket{le=\"33.554432\"} 2\n",
                        "netloop_wait_seconds_bucket{le=\"+Inf\"} 3\n",
                        "netloop_wait_seconds_count 3\n");
    }

    @Test
    void aFamilyIsTogetherAndHasEachSampleOnce() throws IOException {
        Measures other = new Measures(Map.of("volume", "b"));
        measures.gauge("netloop_size_bytes", "bytes", "Size.", 0.5)
                .gauge("netloop_size_bytes", "bytes", "Size.", 1)
                .counter("netloop_reads", "", "Reads.", 1)
                .counter("netloop_size_bytes", "bytes", "Another kind.", 7)
                .addAll(other.gauge("netloop_size_bytes", "bytes", "Size.", 2).list());
        assertThat(text(Exposition.PROMETHEUS, measures).lines())
                .containsSubsequence(
                        "# TYPE netloop_reads_total counter",
                        "# TYPE netloop_size_bytes gauge",
                        "netloop_size_bytes{volume=\"a\\\"b\\\\c\\nd\"} 0.5",
                        "netloop_size_bytes{volume=\"b\"} 2.0")
                .hasSize(7);
    }
}
