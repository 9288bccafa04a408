package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.engine.retry.Deadline;

import java.time.Duration;

@Timeout(60)
class PilotsTest {
    /** More than the 65,535 parties that a phaser can have. */
    private static final int MANY = 100_000;

    private final Pilots pilots = new Pilots();

    @Test
    void thereIsNoLimitToThoseAloft() throws Exception {
        for (int i = 0; i < MANY; i++) {
            pilots.begins();
        }
        for (int i = 1; i < MANY; i++) {
            pilots.ends();
        }
        assertThat(pilots.awaitNone(Deadline.in(Duration.ZERO))).isFalse();
        Thread.ofVirtual().start(pilots::ends);
        assertThat(pilots.awaitNone(Deadline.in(Duration.ofDays(1)))).isTrue();
    }
}
