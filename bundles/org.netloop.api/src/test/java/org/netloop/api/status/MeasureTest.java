package org.netloop.api.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Names and values of measures, and secrets in them. */
class MeasureTest {
    private static final String PASSWORD = "hunter2-is-secret";

    private final Measures measures = new Measures(Map.of("volume", "root"));

    @Test
    void aMeasureIsALineThatOthersRead() {
        measures.counter("netloop_reads", "", "Reads.", 12)
                .gauge("netloop_latency_seconds", "seconds", "Latency.", 0.25)
                .gauge("netloop_size_bytes", "bytes", "Size.", 1 << 20)
                .text("netloop_profile", "Profile.", "a \"b\"\nc");
        assertThat(measures.list())
                .extracting(Measure::toString)
                .containsExactly(
                        "netloop_reads{volume=\"root\"} 12",
                        "netloop_latency_seconds{volume=\"root\"} 0.25",
                        "netloop_size_bytes{volume=\"root\"} 1048576",
                        "netloop_profile{volume=\"root\"} \"a \\\"b\\\"\\nc\"");
    }

    @Test
    void moreLabelsStandBehindTheSharedOnesAndStayApart() {
        measures.with("mirror", "http://a/").counter("netloop_fetches", "", "Fetches.", 1);
        measures.counter("netloop_reads", "", "Reads.", 2);
        assertThat(measures.list())
                .extracting(Measure::toString)
                .containsExactly(
                        "netloop_fetches{volume=\"root\",mirror=\"http://a/\"} 1",
                        "netloop_reads{volume=\"root\"} 2");
    }

    @Test
    void whatWasNotMeasuredYetIsLeftOut() {
        measures.gauge("netloop_latency_seconds", "seconds", "Latency.", Double.NaN)
                .text("netloop_last_failure", "Failure.", "");
        assertThat(measures.list()).isEmpty();
        assertThat(Measures.number(measures.list(), "netloop_latency_seconds")).isNaN();
        assertThat(Measures.text(measures.list(), "netloop_last_failure")).isEmpty();
    }

    @Test
    void aNameThatNoReaderWouldTakeIsRefused() {
        for (String name : List.of("", "Reads", "netloop-reads", "netloop_reads_total", "1reads")) {
            assertThatThrownBy(() -> measures.counter(name, "", "Reads.", 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + name + "'");
        }
        assertThatThrownBy(() -> measures.counter("netloop_read", "bytes", "Bytes.", 1))
                .hasMessageContaining("_bytes");
        assertThatThrownBy(() -> measures.with("A b", "c").counter("netloop_reads", "", "", 1))
                .hasMessageContaining("'A b'");
        assertThatThrownBy(() -> measures.counter("netloop_reads", "", "Reads.", -1))
                .hasMessageContaining("-1");
    }

    @Test
    void noMeasureAndNoReportHasASecret() {
        String uri = "https://user:" + PASSWORD + "@m.example/?token=" + PASSWORD;
        measures.with("mirror", uri)
                .text("netloop_mirror_last_failure", "Failure.", "no answer of " + uri)
                .text("netloop_mirror_password", "A plugin's mistake.", PASSWORD);
        Report report =
                new Report(
                        new Report.Part("volume", "root of " + uri),
                        Report.State.FAILED,
                        "cannot open " + uri,
                        0,
                        measures.list());
        assertThat(report.toString()).contains("m.example").doesNotContain(PASSWORD);
    }
}
