package org.netloop.api.health;

import org.osgi.annotation.versioning.ProviderType;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Asks all health checks of a deployment. A service; called by many threads at once, each of which
 * waits at most for the longest deadline. Answers are kept for a second, so that asking often costs
 * little.
 */
@ProviderType
public interface Health {

    /**
     * Returns the outcome of each check, by name.
     *
     * @throws InterruptedException if the thread was interrupted while checks ran
     */
    List<Outcome> outcomes() throws InterruptedException;

    /**
     * Outcome of a check. Immutable.
     *
     * @param check the name of the check
     * @param bundle the symbolic name of its bundle
     * @param findings whatever it found, the worst first
     */
    record Outcome(String check, String bundle, List<Finding> findings) {
        /** Copies the findings, and puts the worst first. */
        public Outcome {
            findings =
                    findings.stream()
                            .sorted(Comparator.comparing(Finding::status).reversed())
                            .toList();
        }

        /** Returns the worst status of its findings. */
        public HealthStatus status() {
            return findings.isEmpty() ? HealthStatus.OK : findings.getFirst().status();
        }
    }

    /** Returns the worst status of several outcomes; OK if there are none. */
    static HealthStatus worst(List<Outcome> outcomes) {
        return HealthStatus.worst(outcomes.stream().map(Outcome::status).toList());
    }

    /** Returns the findings of several outcomes that are not OK, the worst first. */
    static Stream<Finding> findings(List<Outcome> outcomes) {
        return outcomes.stream()
                .flatMap(outcome -> outcome.findings().stream())
                .filter(finding -> finding.status() != HealthStatus.OK)
                .sorted(Comparator.comparing(Finding::status).reversed());
    }
}
