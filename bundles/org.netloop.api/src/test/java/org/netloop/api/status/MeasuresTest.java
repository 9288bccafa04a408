package org.netloop.api.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.netloop.api.status.Report.Part;
import org.netloop.api.status.Report.State;

import java.util.List;
import java.util.Map;

class MeasuresTest {
    private final Measures measures = new Measures(Map.of("volume", "root"));

    private static Measure counter(String name, Map<String, String> labels, long count) {
        return new Measure(name, "", "Help.", labels, new Measure.Counter(count));
    }

    @Test
    void measuresOfAPartShareItsLabelsInTheirOrder() {
        Measures ofMirror = measures.with("mirror", "http://m/");
        measures.counter("first", "", "Help.", 1);
        ofMirror.counter("second", "", "Help.", 2);
        measures.addAll(List.of(counter("third", Map.of(), 3)));
        assertThat(measures.list())
                .containsExactly(
                        counter("first", Map.of("volume", "root"), 1),
                        counter("second", Map.of("volume", "root", "mirror", "http://m/"), 2),
                        counter("third", Map.of(), 3));
        assertThat(ofMirror.list()).isEqualTo(measures.list());
        assertThat(measures.list().get(1).labels().keySet()).containsExactly("volume", "mirror");
    }

    @Test
    void whatWasNotMeasuredIsLeftOut() {
        measures.gauge("speed", "", "Help.", Double.NaN)
                .gauge("share", "", "Help.", Double.POSITIVE_INFINITY)
                .text("fault", "Help.", "");
        assertThat(measures.list()).isEmpty();
        measures.gauge("speed", "", "Help.", 0.5)
                .text("fault", "Help.", "no route")
                .durations("read_seconds", "Help.", new Durations());
        assertThat(measures.list())
                .extracting(Measure::name, Measure::unit, Measure::text)
                .containsExactly(
                        tuple("speed", "", "0.5"),
                        tuple("fault", "", "no route"),
                        tuple("read_seconds", "seconds", "count=0"));
    }

    @Test
    void aMeasureIsFoundByItsName() {
        List<Measure> all =
                measures.counter("reads", "", "Help.", 7)
                        .counter("reads", "", "Help.", 8)
                        .text("state", "Help.", "good")
                        .list();
        assertThat(Measures.number(all, "reads")).isEqualTo(7);
        assertThat(Measures.text(all, "state")).isEqualTo("good");
        assertThat(Measures.number(all, "writes")).isNaN();
        assertThat(Measures.text(all, "writes")).isEmpty();
    }

    @Test
    void aReportHoldsNoSecretsAndIsGoodByDefault() {
        Part part = new Part("mirror", "http://me:secret@host/");
        Report report = Report.of(part, measures.counter("reads", "", "Help.", 7).list());
        assertThat(report.name()).isEqualTo("http://host/");
        assertThat(report.kind()).isEqualTo("mirror");
        assertThat(report.state()).isEqualTo(State.GOOD);
        assertThat(report.revision()).isZero();
        assertThat(report.measures()).hasSize(1);
        assertThat(part.bundle()).isEqualTo(Part.NO_BUNDLE);
        Report failed = new Report(part, State.FAILED, "GET http://me:secret@host/x", 1, List.of());
        assertThat(failed.message()).isEqualTo("GET http://host/x");
    }

    @Test
    void revisionAndOrderAreThoseOfTheConfiguration() {
        assertThat(Report.revision(Map.of(".netloop.revision", 7L))).isEqualTo(7);
        assertThat(Report.revision(Map.of(".netloop.revision", "7"))).isZero();
        assertThat(Report.order(Map.of(".netloop.order", 3))).isEqualTo(3);
        assertThat(Report.order(Map.of())).isEqualTo(Integer.MAX_VALUE);
    }
}
