package org.netloop.attach;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Does something again that did not work, after a second at first, then after twice as long each
 * time, up to a minute, for ever. Guarded by its owner, but for the task, which runs on a thread of
 * its own.
 */
final class Retry {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Runs a task later. */
    @FunctionalInterface
    interface Timer {
        /** Returns what calls it off, unless it is running. */
        Runnable after(Duration delay, Runnable task);
    }

    private final Timer timer;
    private final Runnable task;
    private Duration delay = FIRST;
    private int failures;
    private String reason = "";
    private @Nullable Runnable pending;

    /** Of a task; its owner says by the other methods how it went. */
    Retry(Runnable task, Timer timer) {
        this.task = task;
        this.timer = timer;
    }

    /** The {@link Timer} of real time: a virtual thread each. */
    static Runnable later(Duration delay, Runnable task) {
        Executor after =
                CompletableFuture.delayedExecutor(
                        delay.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
        CompletableFuture<Void> running = CompletableFuture.runAsync(task, after);
        return () -> running.cancel(false);
    }

    /**
     * It did not work: it is done again later.
     *
     * @return whether the reason is another than before, and worth a line in the log
     */
    boolean failed(String why) {
        failures++;
        boolean fresh = !why.equals(reason);
        reason = why;
        schedule();
        return fresh;
    }

    /** It is to be done again soon, for what happened outside. */
    void soon() {
        delay = FIRST;
        schedule();
    }

    private void schedule() {
        callOff();
        Duration now = delay;
        delay = now.multipliedBy(2).compareTo(LONGEST) < 0 ? now.multipliedBy(2) : LONGEST;
        pending = timer.after(now, task);
    }

    /**
     * It worked, or is not to be done any more.
     *
     * @return how often it had failed before
     */
    int done() {
        callOff();
        int before = failures;
        failures = 0;
        reason = "";
        delay = FIRST;
        return before;
    }

    private void callOff() {
        if (pending != null) {
            pending.run();
            pending = null;
        }
    }

    /** How often it has failed since it worked last. */
    int failures() {
        return failures;
    }
}
