package org.netloop.attach;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class RetryTest {
    private final ManualTimer timer = new ManualTimer();
    private final Retry retry = new Retry(() -> {}, timer);

    @Test
    void itIsDoneAgainLessAndLessOftenButForEver() {
        for (int i = 0; i < 9; i++) {
            retry.failed("taken");
        }
        assertThat(timer.delays().stream().map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(timer.isWaiting()).isTrue();
        assertThat(retry.failures()).isEqualTo(9);
    }

    @Test
    void eachReasonIsToldOnce() {
        assertThat(retry.failed("taken")).isTrue();
        assertThat(retry.failed("taken")).isFalse();
        assertThat(retry.failed("denied")).isTrue();
    }

    @Test
    void whatWorkedBeginsAnew() {
        retry.failed("taken");
        retry.failed("taken");
        assertThat(retry.done()).isEqualTo(2);
        assertThat(timer.isWaiting()).isFalse();
        assertThat(retry.failed("taken")).isTrue();
        assertThat(timer.delays().getLast()).isEqualTo(Duration.ofSeconds(1));
    }
}
