package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Report;
import org.netloop.api.status.Reporter;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Obligations of every {@link Reporter}. */
@Timeout(60)
public abstract class ReporterContract {
    private static final int CALLS = 1000;

    /** Returns the reporter under test, with at least one part. */
    protected abstract Reporter reporter();

    @Test
    void eachPartHasAKindAndANameOfItsOwn() {
        List<Report> reports = reporter().reports();
        assertThat(reports).isNotEmpty();
        Set<List<String>> seen = new HashSet<>();
        for (Report report : reports) {
            assertThat(report.kind()).matches("[a-z][a-z0-9-]*");
            assertThat(report.name()).isNotBlank();
            assertThat(seen.add(List.of(report.kind(), report.name()))).as("%s", report).isTrue();
        }
    }

    @Test
    void aPartThatIsNotGoodSaysWhy() {
        for (Report report : reporter().reports()) {
            boolean good = report.state() == Report.State.GOOD;
            assertThat(report.message().isBlank()).as("%s", report).isEqualTo(good);
        }
    }

    @Test
    void aMeasureIsToldOnceForItsLabels() {
        for (Report report : reporter().reports()) {
            Set<List<Object>> seen = new HashSet<>();
            for (Measure measure : report.measures()) {
                assertThat(seen.add(List.of(measure.name(), measure.labels())))
                        .as("%s of %s", measure.name(), report.name())
                        .isTrue();
            }
        }
    }

    @Test
    void countersDoNotFall() {
        List<Report> before = reporter().reports();
        List<Report> after = reporter().reports();
        for (Report report : before) {
            for (Measure measure : report.measures()) {
                if (measure.value() instanceof Measure.Counter(long count)) {
                    assertThat(count(after, report, measure)).isGreaterThanOrEqualTo(count);
                }
            }
        }
    }

    private static long count(List<Report> reports, Report of, Measure measure) {
        return reports.stream()
                .filter(report -> report.part().equals(of.part()))
                .flatMap(report -> report.measures().stream())
                .filter(
                        other ->
                                other.name().equals(measure.name())
                                        && other.labels().equals(measure.labels()))
                .map(other -> other.value() instanceof Measure.Counter(long count) ? count : -1L)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    @Test
    void manyThreadsAskAtOnce() {
        assertThat(
                        IntStream.range(0, CALLS)
                                .parallel()
                                .filter(_ -> !reporter().reports().isEmpty())
                                .count())
                .isEqualTo(CALLS);
    }
}
