package org.netloop.api.mount;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * The requests of a mount that wait for something, each on a thread of its own, which is
 * interrupted when nobody wants its answer any more. Thread-safe.
 */
public class WaitingRequests {
    private record Waiting(Thread thread, int asker, Object file, long since) {}

    private final Map<Long, Waiting> all = new ConcurrentHashMap<>();
    private final IntPredicate dying;

    /** Creates those of a mount whose readers are looked up in {@code /proc}. */
    public WaitingRequests() {
        this(Signals::isDying);
    }

    /**
     * @param dying tests whether a thread that asked is being killed
     */
    public WaitingRequests(IntPredicate dying) {
        this.dying = dying;
    }

    /**
     * Starts the thread of a request, which ends with {@link #remove}.
     *
     * @param unique names the request
     * @param asker the thread that asks
     * @param file what is asked; compared by identity
     * @param thread not started yet
     */
    public void add(long unique, int asker, Object file, Thread thread) {
        all.put(unique, new Waiting(thread, asker, file, System.nanoTime()));
        thread.start();
    }

    /** Removes the request that this thread has answered. */
    public void remove(long unique) {
        all.computeIfPresent(
                unique,
                (_, waiting) -> waiting.thread() == Thread.currentThread() ? null : waiting);
    }

    /** Returns the number of waiting requests. */
    public int count() {
        return all.size();
    }

    /** Returns whether none waits. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Notes that whoever asked got a signal. A reader that is being killed is let go; one that is
     * not gets its bytes, because programs do not expect a read of a file to be interrupted.
     */
    public void interrupted(long unique) {
        Waiting waiting = all.get(unique);
        if (waiting != null && dying.test(waiting.asker())) {
            waiting.thread().interrupt();
        }
    }

    /** Lets go the readers that are being killed, of requests that have waited for so long. */
    public void letDyingGo(Duration waitedFor) {
        long now = System.nanoTime();
        all.values().stream()
                .filter(waiting -> now - waiting.since() >= waitedFor.toNanos())
                .filter(waiting -> dying.test(waiting.asker()))
                .forEach(waiting -> waiting.thread().interrupt());
    }

    /** Interrupts all requests of a file. */
    public void giveUp(Object file) {
        all.values().stream()
                .filter(waiting -> waiting.file() == file)
                .forEach(waiting -> waiting.thread().interrupt());
    }

    /**
     * Interrupts all, and waits until each has ended; none may be added any more.
     *
     * @param time for each of them
     * @return false if one goes on for longer
     */
    public boolean end(Duration time) throws InterruptedException {
        List<Waiting> left = List.copyOf(all.values());
        left.forEach(waiting -> waiting.thread().interrupt());
        for (Waiting waiting : left) {
            if (!waiting.thread().join(time)) {
                return false;
            }
        }
        return true;
    }
}
