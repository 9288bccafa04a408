package org.netloop.transport.s3;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Task run for a caller who may leave before it is finished. It is done by a virtual thread:
 * interrupting one closes the socket it waits at, which no interruption of the caller's own would.
 */
final class Errand<T> {
    private final FutureTask<T> task;
    private final Thread thread;

    private Errand(Callable<T> work) {
        task = new FutureTask<>(work);
        thread = Thread.ofVirtual().name("netloop-s3").unstarted(task);
    }

    static <T> Errand<T> start(Callable<T> work) {
        Errand<T> errand = new Errand<>(work);
        errand.thread.start();
        return errand;
    }

    /**
     * Waits for it; when it is not waited for any more, it is told to end.
     *
     * @throws ExecutionException with what the work threw
     * @throws TimeoutException if it took too long
     */
    T await(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }

    /** Returns when its thread has ended, interrupted or not. */
    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
