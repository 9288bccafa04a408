package org.netloop.control.health;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Checks that the clock of this host is later than this program, and runs as time does: expiry of
 * signed channels and of certificates depends on it. Used by one thread.
 */
final class ClockCheck implements HealthCheck {
    private static final Duration JUMP = Duration.ofSeconds(60);

    /** A moment that has passed for certain. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private final InstantSource clock;
    private final LongSupplier ticks;
    private Instant lastTime;
    private long lastTicks;

    /**
     * @param clock of this host
     * @param ticks as {@link System#nanoTime}
     */
    ClockCheck(InstantSource clock, LongSupplier ticks) {
        this.clock = clock;
        this.ticks = ticks;
        this.lastTime = clock.instant();
        this.lastTicks = ticks.getAsLong();
    }

    @Override
    public List<Finding> check() {
        Instant now = clock.instant();
        long tick = ticks.getAsLong();
        Duration jumped = Duration.between(lastTime, now).minus(Duration.ofNanos(tick - lastTicks));
        lastTime = now;
        lastTicks = tick;
        if (now.isBefore(EARLIEST)) {
            return warn("it says " + now + ", before this program was made (" + EARLIEST + ")");
        }
        return jumped.abs().compareTo(JUMP) > 0
                ? warn("it jumped by " + jumped.toSeconds() + " s since the last check")
                : List.of();
    }

    private static List<Finding> warn(String message) {
        return List.of(
                new Finding(
                        HealthStatus.WARN,
                        "clock",
                        message,
                        "set the clock, and have it kept by chrony or systemd-timesyncd"));
    }
}
