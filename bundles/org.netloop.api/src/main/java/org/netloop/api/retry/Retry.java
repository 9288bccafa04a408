package org.netloop.api.retry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Does something again that did not work, after a second at first, then after twice as long each
 * time, up to a minute, for ever. Used under a lock of its owner; the task runs on a thread of its
 * own, without that lock.
 */
public final class Retry {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Runs a task later. */
    @FunctionalInterface
    public interface Timer {
        /** Returns what calls it off, unless it is running. */
        Runnable after(Duration delay, Runnable task);
    }

    private final Timer timer;
    private final Runnable task;
    private Duration delay = FIRST;
    private int failures;
    private String reason = "";
    private @Nullable Runnable pending;

    /** Creates a retry of a task; its owner reports each outcome by the other methods. */
    public Retry(Runnable task, Timer timer) {
        this.task = task;
        this.timer = timer;
    }

    /** The {@link Timer} of real time: a virtual thread each. */
    public static Runnable later(Duration delay, Runnable task) {
        Executor after =
                CompletableFuture.delayedExecutor(
                        delay.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);
        CompletableFuture<Void> running = CompletableFuture.runAsync(task, after);
        return () -> running.cancel(false);
    }

    /**
     * Records a failure: the task runs again later.
     *
     * @return whether the reason is another than before, and worth a line in the log
     */
    public boolean failed(String why) {
        failures++;
        boolean fresh = !why.equals(reason);
        reason = why;
        schedule();
        return fresh;
    }

    /** Schedules the task soon, because something outside changed. */
    public void soon() {
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
     * Records a success, or that the task need not run again.
     *
     * @return how often it had failed before
     */
    public int done() {
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

    /** Returns the number of failures since the last success. */
    public int failures() {
        return failures;
    }
}
