package org.netloop.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;
import org.netloop.api.status.Report.State;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Findings about parts, and about the clock. */
class PartRulesTest {
    private static final String CONDITION = "netloop_mirror_condition";

    private static Report report(String kind, State state, String message) {
        return new Report(new Report.Part(kind, "root"), state, message, 0, List.of());
    }

    private static Report volume(String... conditions) {
        Measures measures = new Measures(Map.of("volume", "root"));
        for (String condition : conditions) {
            measures.with("mirror", "http://" + measures.list().size() + "/")
                    .text(CONDITION, "Condition.", condition);
        }
        return Report.of(new Report.Part("volume", "root"), measures.list());
    }

    @Test
    void aVolumeThatWaitsPassesByItselfAndOneThatFailedDoesNot() {
        assertThat(PartRules.volumes(List.of(report("volume", State.GOOD, "")))).isEmpty();
        assertThat(PartRules.volumes(List.of(report("volume", State.WAITING, "no mirror"))))
                .extracting(Finding::status)
                .containsExactly(HealthStatus.TEMPORARILY_UNAVAILABLE);
        List<Finding> failed = PartRules.volumes(List.of(report("volume", State.FAILED, "")));
        assertThat(failed).extracting(Finding::status).containsExactly(HealthStatus.CRITICAL);
        assertThat(failed.getFirst().sentence()).startsWith("volume root: it is failed; check");
    }

    @Test
    void anAttachmentWithoutItsFrontendIsNamed() {
        List<Report> reports =
                List.of(report("attachment", State.WAITING, "frontend fuse is not available"));
        assertThat(PartRules.attachments(reports).getFirst().message())
                .isEqualTo("frontend fuse is not available");
        assertThat(PartRules.plugins(reports)).isEmpty();
    }

    @Test
    void aBackendThatWasSetAsideIsAWarning() {
        assertThat(PartRules.plugins(List.of(report("codec", State.QUARANTINED, "it threw"))))
                .extracting(Finding::status)
                .containsExactly(HealthStatus.WARN);
    }

    @Test
    void oneBadMirrorIsAWarningAndAllOfThemAreMore() {
        assertThat(PartRules.mirrors(List.of(volume("GOOD", "DISABLED")))).isEmpty();
        assertThat(PartRules.mirrors(List.of(volume("GOOD", "RESTING", "DISABLED"))))
                .extracting(Finding::status)
                .containsExactly(HealthStatus.WARN);
        List<Finding> all = PartRules.mirrors(List.of(volume("RESTING", "BARRED", "DISABLED")));
        assertThat(all)
                .extracting(Finding::status)
                .containsExactly(HealthStatus.TEMPORARILY_UNAVAILABLE);
        assertThat(all.getFirst().message())
                .isEqualTo("none is good: http://0/ is resting, http://1/ is barred");
    }

    @Test
    void aClockThatJumpsOrIsOldIsFoundOut() {
        AtomicReference<Instant> time =
                new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
        AtomicLong ticks = new AtomicLong();
        ClockCheck clock = new ClockCheck(time::get, ticks::get);
        ticks.addAndGet(1_000_000_000);
        time.updateAndGet(now -> now.plusSeconds(1));
        assertThat(clock.check()).isEmpty();
        time.updateAndGet(now -> now.plusSeconds(3600));
        assertThat(clock.check().getFirst().message()).contains("jumped by 3600 s");
        assertThat(clock.check()).isEmpty();
        time.set(Instant.EPOCH);
        assertThat(clock.check().getFirst().message()).contains("before this program");
    }
}
