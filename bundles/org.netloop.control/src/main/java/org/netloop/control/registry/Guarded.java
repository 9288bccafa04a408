package org.netloop.control.registry;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls code of plugins on threads of their own, each call within a time limit. What is not over
 * then is interrupted and left behind; whoever has to know is told once all calls have ended. Used
 * by one thread.
 */
public final class Guarded implements AutoCloseable {
    private final String name;
    private final Runnable ended;

    /** Calls that run, and the one who may still make more. */
    private final AtomicInteger open = new AtomicInteger(1);

    /**
     * @param name of the threads
     * @param ended run once, by whichever thread is the last, when this is closed and no call runs
     *     any more
     */
    public Guarded(String name, Runnable ended) {
        this.name = name;
        this.ended = ended;
    }

    /**
     * Calls.
     *
     * @throws ExecutionException with what the call threw
     * @throws TimeoutException if it took longer than the limit
     */
    public <T> T call(Callable<T> call, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        AtomicBoolean inside = new AtomicBoolean(true);
        FutureTask<T> task = new FutureTask<>(() -> call(call, inside));
        open.incrementAndGet();
        boolean started = false;
        try {
            Thread.ofPlatform()
                    .daemon()
                    .name(name)
                    .start(
                            () -> {
                                try {
                                    task.run();
                                } finally {
                                    // A task that was given up before it began made no call.
                                    leave(inside);
                                }
                            });
            started = true;
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
            if (!started) {
                leave(inside);
            }
        }
    }

    /** The call has ended before its outcome is seen: whoever asks next finds its place free. */
    private <T> T call(Callable<T> call, AtomicBoolean inside) throws Exception {
        try {
            return call.call();
        } finally {
            leave(inside);
        }
    }

    private void leave(AtomicBoolean inside) {
        if (inside.getAndSet(false)) {
            leave();
        }
    }

    private void leave() {
        if (open.decrementAndGet() == 0) {
            ended.run();
        }
    }

    /** Returns the failure of an execution. */
    public static Throwable cause(ExecutionException failure) {
        return Objects.requireNonNull(failure.getCause());
    }

    /** Makes no more calls; does not wait for those that run. */
    @Override
    public void close() {
        leave();
    }
}
