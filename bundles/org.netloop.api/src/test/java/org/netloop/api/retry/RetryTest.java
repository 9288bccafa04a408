package org.netloop.api.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class RetryTest {
    private final List<Duration> delays = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final Retry retry = new Retry(() -> {}, this::after);

    private Runnable after(Duration delay, Runnable task) {
        delays.add(delay);
        waiting.add(task);
        return () -> waiting.remove(task);
    }

    @Test
    void itIsDoneAgainLessAndLessOftenButForEver() {
        for (int i = 0; i < 9; i++) {
            retry.failed("taken");
        }
        assertThat(delays.stream().map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
        assertThat(waiting).isNotEmpty();
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
        assertThat(waiting).isEmpty();
        assertThat(retry.failed("taken")).isTrue();
        assertThat(delays.getLast()).isEqualTo(Duration.ofSeconds(1));
    }
}
