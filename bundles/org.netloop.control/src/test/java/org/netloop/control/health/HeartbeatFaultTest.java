package org.netloop.control.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.health.Health;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tests that one failure to ask does not end the heartbeat, and with it the deployment. */
@Timeout(90)
class HeartbeatFaultTest {
    @Test
    void itIsToldAgainAfterAFailure() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        Health health =
                () -> {
                    asked.countDown();
                    if (asked.getCount() == 1) {
                        throw new IllegalStateException(
                                new OutOfMemoryError("unable to create native thread"));
                    }
                    return List.of();
                };
        var constructor = Heartbeat.class.getDeclaredConstructor(Health.class, Duration.class);
        constructor.setAccessible(true);
        try (Heartbeat _ = constructor.newInstance(health, Duration.ofMillis(10))) {
            assertThat(asked.await(60, TimeUnit.SECONDS)).as("it is asked again").isTrue();
        }
    }
}
