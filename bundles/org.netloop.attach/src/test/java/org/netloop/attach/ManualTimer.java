package org.netloop.attach;

import org.netloop.api.retry.Retry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A timer whose time passes when a test says so. */
final class ManualTimer implements Retry.Timer {
    private final List<Duration> delays = new CopyOnWriteArrayList<>();
    private final List<Runnable> due = new CopyOnWriteArrayList<>();

    @Override
    public Runnable after(Duration delay, Runnable task) {
        delays.add(delay);
        due.add(task);
        return () -> due.remove(task);
    }

    /** All delays that were asked for. */
    List<Duration> delays() {
        return List.copyOf(delays);
    }

    boolean isWaiting() {
        return !due.isEmpty();
    }

    /** Runs what waits. */
    void pass() {
        List<Runnable> now = List.copyOf(due);
        due.clear();
        now.forEach(Runnable::run);
    }
}
