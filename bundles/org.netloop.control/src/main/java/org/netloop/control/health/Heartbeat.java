package org.netloop.control.health;

import org.netloop.api.health.Finding;
import org.netloop.api.health.Health;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.message.Failures;
import org.netloop.api.systemd.Readiness;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells the service manager from time to time that the deployment is alive, and how it is. Whatever
 * the health, the manager is told: a restart mends no mirror. Only a process that cannot ask its
 * own checks any more is silent, and is restarted. Closed once.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration STATUS_EVERY = Duration.ofSeconds(10);

    /** A manager is told so often in the time that it waits. */
    private static final int BEATS = 3;

    private final Health health;
    private final Thread thread;

    private Heartbeat(Health health, Duration pause) {
        this.health = health;
        this.thread =
                Thread.ofPlatform().daemon().name("netloop-heartbeat").start(() -> beat(pause));
    }

    /** Begins, if there is a service manager to be told. */
    public static Optional<Heartbeat> begin(Health health) {
        if (!Readiness.isAsked()) {
            return Optional.empty();
        }
        Duration pause =
                Readiness.watchdog()
                        .map(limit -> limit.dividedBy(BEATS))
                        .filter(limit -> limit.compareTo(STATUS_EVERY) < 0)
                        .orElse(STATUS_EVERY);
        return Optional.of(new Heartbeat(health, pause));
    }

    private void beat(Duration pause) {
        try {
            String told = "";
            while (true) {
                String wrong = once();
                if (!wrong.isEmpty() && !wrong.equals(told)) {
                    LOG.warn("{}", wrong);
                    told = wrong;
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            LOG.debug("the heartbeat ends");
        }
    }

    /** Tells the manager once; returns what went wrong, or nothing. */
    private String once() throws InterruptedException {
        try {
            return Readiness.alive(sentence(health.outcomes())).orElse("");
        } catch (RuntimeException e) {
            // The manager waits for several beats: the next one may succeed.
            return "the health cannot be told: " + Failures.sentence(e);
        }
    }

    /** Returns the health in one line: the worst status and the worst finding. */
    static String sentence(List<Health.Outcome> outcomes) {
        HealthStatus worst = Health.worst(outcomes);
        List<Finding> findings = Health.findings(outcomes).toList();
        String word = Words.of(worst);
        return findings.isEmpty()
                ? word
                : word
                        + ": "
                        + findings.getFirst().sentence()
                        + (findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
