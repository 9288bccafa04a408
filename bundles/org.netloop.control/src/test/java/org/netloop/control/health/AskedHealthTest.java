package org.netloop.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.health.Finding;
import org.netloop.api.health.Health.Outcome;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks of plugins, good and bad. */
@Timeout(60)
class AskedHealthTest {
    private static final String PASSWORD = "hunter2-is-secret";
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void endWhatHangs() {
        end.countDown();
    }

    private static Outcome ask(HealthCheck check) throws InterruptedException {
        return new Asked("mine", "com.example", LONG, check).ask().outcome();
    }

    private static Finding finding(HealthStatus status, String message) {
        return new Finding(status, "disk 1", message, "replace it");
    }

    @Test
    void theWorstFindingIsTheOutcome() throws Exception {
        Outcome outcome =
                ask(
                        () ->
                                List.of(
                                        finding(HealthStatus.WARN, "slow"),
                                        finding(HealthStatus.CRITICAL, "gone")));
        assertThat(outcome.status()).isEqualTo(HealthStatus.CRITICAL);
        assertThat(outcome.findings().getFirst().sentence()).isEqualTo("disk 1: gone; replace it");
        assertThat(ask(List::of).status()).isEqualTo(HealthStatus.OK);
    }

    /** Many times, because the call once counted as inside a moment longer than its answer took. */
    @Test
    void aCheckThatHasAnsweredIsAskedAgain() throws Exception {
        Asked asked = new Asked("mine", "com.example", LONG, List::of);
        for (int i = 0; i < 2000; i++) {
            assertThat(asked.ask().outcome().status()).isEqualTo(HealthStatus.OK);
        }
    }

    @Test
    void aCheckThatThrowsIsAFinding() throws Exception {
        Outcome outcome =
                ask(
                        () -> {
                            throw new IllegalStateException("at http://me:" + PASSWORD + "@h/");
                        });
        assertThat(outcome.status()).isEqualTo(HealthStatus.WARN);
        assertThat(outcome.findings().getFirst().message()).doesNotContain(PASSWORD);
    }

    @Test
    void aCheckThatHangsIsLeftAndNotCalledAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch inside = new CountDownLatch(1);
        Asked hanging =
                new Asked(
                        "hanging",
                        "com.example",
                        SHORT,
                        () -> {
                            calls.incrementAndGet();
                            inside.countDown();
                            awaitWhateverHappens();
                            return List.of();
                        },
                        // A call that is given up before it began would not hang.
                        task -> {
                            Thread.ofPlatform().daemon().start(task);
                            awaitUninterrupted(inside);
                        });
        assertThat(hanging.ask().outcome().findings().getFirst().message())
                .contains("did not answer within 50 ms");
        assertThat(hanging.ask().outcome().findings().getFirst().message()).contains("hangs");
        assertThat(calls.get()).isEqualTo(1);
        assertThat(ask(List::of).status()).isEqualTo(HealthStatus.OK);
    }

    @Test
    void aCheckThatGotNoThreadIsAskedAgain() throws Exception {
        AtomicInteger threads = new AtomicInteger();
        Asked asked =
                new Asked(
                        "mine",
                        "com.example",
                        LONG,
                        List::of,
                        task -> {
                            if (threads.incrementAndGet() == 1) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            task.run();
                        });
        assertThat(asked.ask().outcome().findings().getFirst().message()).contains("was not asked");
        assertThat(asked.ask().outcome().status()).isEqualTo(HealthStatus.OK);
    }

    /** Waits as a plugin that does not listen. */
    private void awaitWhateverHappens() {
        awaitUninterrupted(end);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                continue;
            }
        }
    }

    @Test
    void tooManyFindingsAreCut() throws Exception {
        Outcome outcome =
                ask(() -> Collections.nCopies(5000, finding(HealthStatus.WARN, "x\u001b[2J\ny")));
        assertThat(outcome.findings()).hasSize(HealthCheck.MOST_FINDINGS);
        assertThat(outcome.findings().getFirst().message()).isEqualTo("x\\x1b[2J\\ny");
    }
}
