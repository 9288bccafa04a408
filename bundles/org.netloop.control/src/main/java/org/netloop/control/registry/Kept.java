package org.netloop.control.registry;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An answer that is kept for a moment: whoever asks meanwhile shares it, and so does whoever asks
 * while it is being made. Thread-safe.
 *
 * @param <T> the answer
 */
public final class Kept<T> {
    private final Callable<T> maker;
    private final long nanos;
    private final AtomicReference<@Nullable Made<T>> last = new AtomicReference<>();

    private record Made<T>(FutureTask<T> task, long began) {}

    /**
     * @param time how long an answer is kept, from the moment it was asked for
     * @param maker called on a thread of its own
     */
    public Kept(Duration time, Callable<T> maker) {
        this.maker = maker;
        this.nanos = time.toNanos();
    }

    /**
     * Returns the answer.
     *
     * @throws ExecutionException with what the maker threw
     */
    public T get() throws ExecutionException, InterruptedException {
        Made<T> known = last.get();
        if (known == null || isOver(known)) {
            Made<T> fresh = new Made<>(new FutureTask<>(maker), System.nanoTime());
            if (last.compareAndSet(known, fresh)) {
                Thread.startVirtualThread(fresh.task());
            }
        }
        return Objects.requireNonNull(last.get()).task().get();
    }

    private boolean isOver(Made<T> made) {
        return made.task().isDone() && System.nanoTime() - made.began() >= nanos;
    }
}
