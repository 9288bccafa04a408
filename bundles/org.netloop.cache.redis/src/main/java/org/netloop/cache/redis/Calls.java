package org.netloop.cache.redis;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls of the library, each on a thread of its own, so that nobody waits longer than they said:
 * the library bounds the silence of a server, and not the time of an answer. A call that is given
 * up is interrupted, which closes its connection. Thread-safe.
 */
final class Calls {
    private final Semaphore places;

    /**
     * @param most how many calls are under way at a time, those that were given up included
     */
    Calls(int most) {
        places = new Semaphore(most);
    }

    /** Thrown if all places are taken for as long as a call may take. */
    static final class BusyException extends Exception {
        private static final long serialVersionUID = 1L;

        private BusyException() {
            super("all connections are in use");
        }
    }

    /**
     * Calls, and waits for the result.
     *
     * @param most the longest wait, for a place and for the result
     * @throws ExecutionException with what the call threw
     * @throws TimeoutException if it took too long
     */
    <T> T within(Duration most, Callable<T> call)
            throws BusyException, ExecutionException, TimeoutException, InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        if (!places.tryAcquire() && !places.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new BusyException();
        }
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().name("netloop-redis-call").start(() -> run(task));
        try {
            return task.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }

    /** The place is free once the thread has left the library, and not before. */
    private void run(FutureTask<?> task) {
        try {
            task.run();
        } finally {
            places.release();
        }
    }
}
