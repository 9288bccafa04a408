package org.netloop.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.health.Health.Outcome;

import java.util.List;

class HealthTest {
    private static final Finding FINE = finding(HealthStatus.OK);
    private static final Finding ODD = finding(HealthStatus.WARN);
    private static final Finding GONE = finding(HealthStatus.CRITICAL);

    private static Finding finding(HealthStatus status) {
        return new Finding(status, "volume root", "no mirror answers", "");
    }

    private static Outcome outcome(Finding... findings) {
        return new Outcome("mirrors", "engine", List.of(findings));
    }

    @Test
    void theWorstComesFirstAndDecides() {
        assertThat(outcome(FINE, GONE, ODD).findings()).containsExactly(GONE, ODD, FINE);
        assertThat(outcome(FINE, GONE, ODD).status()).isEqualTo(HealthStatus.CRITICAL);
        assertThat(outcome().status()).isEqualTo(HealthStatus.OK);
        List<Outcome> several = List.of(outcome(FINE, ODD), outcome(), outcome(GONE));
        assertThat(Health.worst(several)).isEqualTo(HealthStatus.CRITICAL);
        assertThat(Health.worst(List.of())).isEqualTo(HealthStatus.OK);
        assertThat(Health.findings(several)).containsExactly(GONE, ODD);
    }

    @Test
    void clientsAreSentWhileTheyAreServed() {
        assertThat(List.of(HealthStatus.values()).stream().filter(HealthStatus::isServing))
                .containsExactly(HealthStatus.OK, HealthStatus.WARN);
    }

    @Test
    void aFindingIsASentenceWithItsAdvice() {
        assertThat(ODD.sentence()).isEqualTo("volume root: no mirror answers");
        assertThat(new Finding(HealthStatus.WARN, "disk", "it is full", "make room").sentence())
                .isEqualTo("disk: it is full; make room");
    }

    @Test
    void aFindingIsShortPrintableAndWithoutSecrets() {
        String most = "x".repeat(Finding.LONGEST);
        Finding finding =
                new Finding(HealthStatus.OK, "a\nb", most + "y", "see http://me:secret@host/");
        assertThat(finding.subject()).isEqualTo("a\\nb");
        assertThat(finding.message()).hasSize(Finding.LONGEST).endsWith("x…");
        assertThat(finding.advice()).isEqualTo("see http://host/");
        assertThat(new Finding(HealthStatus.OK, most, "", "").subject()).isEqualTo(most);
    }
}
