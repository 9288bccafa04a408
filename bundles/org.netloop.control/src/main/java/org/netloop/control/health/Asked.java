package org.netloop.control.health;

import org.jspecify.annotations.Nullable;
import org.netloop.api.health.Finding;
import org.netloop.api.health.Health.Outcome;
import org.netloop.api.health.HealthCheck;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.message.Failures;
import org.netloop.api.message.Printable;
import org.netloop.control.registry.Guarded;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A health check of a bundle, and the call that is inside it. Each call has a thread of its own;
 * while one does not come back, no other one is made. Thread-safe.
 */
final class Asked {
    private static final String ADVICE = "update or remove the bundle, or report it to its author";

    private final String name;
    private final String bundle;
    private final Duration deadline;
    private final HealthCheck check;
    private final Consumer<Runnable> threads;

    /** The call that has not come back; null if there is none. */
    private final AtomicReference<@Nullable Object> inside = new AtomicReference<>();

    Asked(String name, String bundle, Duration deadline, HealthCheck check) {
        this(
                name,
                bundle,
                deadline,
                check,
                task -> Thread.ofPlatform().daemon().name("health-" + name).start(task));
    }

    /**
     * @param threads runs each call on a thread of its own
     */
    Asked(
            String name,
            String bundle,
            Duration deadline,
            HealthCheck check,
            Consumer<Runnable> threads) {
        this.name = name;
        this.bundle = bundle;
        this.deadline = deadline;
        this.check = check;
        this.threads = threads;
    }

    static Asked of(ServiceReference<HealthCheck> reference, HealthCheck check) {
        Bundle owner = reference.getBundle();
        Object named = reference.getProperty(HealthCheck.NAME);
        Object limit = reference.getProperty(HealthCheck.DEADLINE_MS);
        long millis =
                limit instanceof Number number
                        ? number.longValue()
                        : HealthCheck.DEFAULT_DEADLINE_MS;
        return new Asked(
                Printable.line(named instanceof String text ? text : check.getClass().getName()),
                owner == null ? "" : owner.getSymbolicName(),
                Duration.ofMillis(Math.clamp(millis, 1, HealthCheck.LONGEST_DEADLINE_MS)),
                check);
    }

    /** A call that was begun. */
    interface Answer {
        /** Waits for the answer until the deadline. */
        Outcome outcome() throws InterruptedException;
    }

    /** Begins a call, unless one has not come back yet. */
    Answer ask() {
        Object mine = new Object();
        if (!inside.compareAndSet(null, mine)) {
            return () -> odd("it hangs: a call before has not come back");
        }
        long end = System.nanoTime() + deadline.toNanos();
        FutureTask<List<Finding>> task = new FutureTask<>(() -> call(mine));
        try {
            threads.accept(
                    () -> {
                        try {
                            task.run();
                        } finally {
                            // A task that was given up before it began made no call.
                            inside.compareAndSet(mine, null);
                        }
                    });
        } catch (OutOfMemoryError e) {
            // The process may have no more threads; that passes, and is not the check's fault.
            inside.compareAndSet(mine, null);
            return () -> odd("it was not asked: " + Failures.sentence(e));
        }
        return () -> outcome(task, end);
    }

    /**
     * The call has come back before its answer is seen: who asks next is not told that it hangs.
     */
    private List<Finding> call(Object mine) throws Exception {
        try {
            return List.copyOf(check.check());
        } finally {
            inside.compareAndSet(mine, null);
        }
    }

    private Outcome outcome(FutureTask<List<Finding>> task, long end) throws InterruptedException {
        try {
            List<Finding> found = task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            return new Outcome(
                    name,
                    bundle,
                    found.subList(0, Math.min(found.size(), HealthCheck.MOST_FINDINGS)));
        } catch (TimeoutException _) {
            return odd("it did not answer within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            return odd("it failed: " + Failures.sentence(Guarded.cause(e)));
        } finally {
            task.cancel(true);
        }
    }

    /** Returns the outcome of a check that does not say how its subject is. */
    private Outcome odd(String message) {
        Finding finding = new Finding(HealthStatus.WARN, "health check " + name, message, ADVICE);
        return new Outcome(name, bundle, List.of(finding));
    }
}
