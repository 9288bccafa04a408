package org.netloop.control.bundles;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Tests when a refused change is tried again. */
final class RetriesTest {
    private final AtomicLong now = new AtomicLong();
    private final Retries retries = new Retries(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void nothingIsTriedAgainWhereNothingChanged() {
        retries.tried("same");
        pass(Duration.ofHours(1));
        assertThat(retries.isDue("same")).isFalse();
        assertThat(retries.isDue("other")).isTrue();
    }

    @Test
    void eachTryInVainDoublesThePauseAndASuccessShortensIt() {
        retries.tried("a");
        assertThat(retries.isDue("b")).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(retries.isDue("b")).isTrue();
        retries.tried("b");
        pass(Duration.ofMillis(1500));
        assertThat(retries.isDue("c")).isFalse();
        pass(Duration.ofMillis(500));
        assertThat(retries.isDue("c")).isTrue();
        retries.begin();
        retries.tried("c");
        pass(Duration.ofSeconds(1));
        assertThat(retries.isDue("d")).isTrue();
    }

    @Test
    void aPauseHasAnEnd() {
        for (int i = 0; i < 100; i++) {
            retries.tried(i);
            pass(Duration.ofMinutes(5));
            assertThat(retries.isDue(i + 1)).isTrue();
        }
    }
}
