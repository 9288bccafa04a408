package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Obligations of every {@link HealthCheck}. */
@Timeout(240)
public abstract class HealthCheckContract {
    /** Deadline that no check may exceed, and the time of a loaded machine. */
    private static final Duration ENDS_WITHIN =
            Duration.ofMillis(HealthCheck.LONGEST_DEADLINE_MS).plusSeconds(15);

    /** Created by JUnit. */
    protected HealthCheckContract() {}

    /** Returns the check under test. */
    protected abstract HealthCheck check();

    @Test
    void eachFindingSaysWhatAndAboutWhat() throws Exception {
        HealthCheck check = check();
        for (int round = 0; round < 2; round++) {
            List<Finding> findings = start(check).get(seconds(), TimeUnit.SECONDS);
            assertThat(findings).hasSizeLessThanOrEqualTo(HealthCheck.MOST_FINDINGS);
            for (Finding finding : findings) {
                assertThat(finding.subject()).isNotBlank();
                assertThat(finding.message()).isNotBlank();
                if (finding.status() != HealthStatus.OK) {
                    assertThat(finding.advice()).as("advice for %s", finding).isNotBlank();
                }
            }
        }
    }

    @Test
    void anInterruptedCheckEnds() throws Exception {
        HealthCheck check = check();
        FutureTask<@Nullable Void> interrupted =
                new FutureTask<>(
                        () -> {
                            Thread.currentThread().interrupt();
                            try {
                                check.check();
                            } catch (InterruptedException _) {
                                // One of the two ways to end.
                                return null;
                            }
                            return null;
                        });
        Thread.ofPlatform().daemon().start(interrupted);
        interrupted.get(seconds(), TimeUnit.SECONDS);
        assertThat(interrupted).isDone();
    }

    private static long seconds() {
        return ENDS_WITHIN.toSeconds();
    }

    private static FutureTask<List<Finding>> start(HealthCheck check) {
        FutureTask<List<Finding>> task = new FutureTask<>(check::check);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }
}
