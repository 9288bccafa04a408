package org.netloop.frontend.fuse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * The requests of one mount that have to wait for something. Each has a virtual thread, so that
 * whoever takes requests from the kernel never waits; those of one file get no more than its places
 * and memory only once they have one, so that none takes what another file needs. Thread-safe.
 */
final class WaitingReads {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingReads.class);

    /** So many buffers, of 128 KiB, are kept for the next. */
    private static final int KEPT = 32;

    private static final long SIGKILL = 1L << 8;
    private static final int HEXADECIMAL = 16;

    /** Makes an answer; may wait. */
    @FunctionalInterface
    interface Answer {
        MemorySegment in(Reply reply) throws IOException, InterruptedException;
    }

    private record Waiting(Thread thread, int asker, Semaphore places) {}

    private final Map<Long, Waiting> all = new ConcurrentHashMap<>();
    private final Queue<Reply> kept = new ConcurrentLinkedQueue<>();
    private final Consumer<MemorySegment> send;
    private final IntPredicate dying;

    /**
     * Of a mount whose readers are looked at in {@code /proc}.
     *
     * @param send sends an answer, given as an iovec; called by many threads at once
     */
    WaitingReads(Consumer<MemorySegment> send) {
        this(send, WaitingReads::isDying);
    }

    WaitingReads(Consumer<MemorySegment> send, IntPredicate dying) {
        this.send = send;
        this.dying = dying;
    }

    /**
     * Answers a request as soon as it can be; returns at once.
     *
     * @param unique names the request
     * @param asker the thread that asks
     * @param places of the file
     */
    void add(long unique, int asker, Semaphore places, Answer answer) {
        Thread thread =
                Thread.ofVirtual()
                        .name("netloop-fuse read " + unique)
                        .unstarted(() -> answer(unique, places, answer));
        all.put(unique, new Waiting(thread, asker, places));
        thread.start();
    }

    private void answer(long unique, Semaphore places, Answer answer) {
        try {
            places.acquire();
            try {
                answerNow(unique, answer);
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            answerNow(unique, _ -> fail(e));
        } finally {
            all.remove(unique);
        }
    }

    private static MemorySegment fail(InterruptedException why) throws InterruptedException {
        throw why;
    }

    private void answerNow(long unique, Answer answer) {
        Reply next = kept.poll();
        Reply reply = next == null ? new Reply(Arena.ofAuto()) : next;
        MemorySegment made;
        try {
            made = answer.in(reply);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            made = reply.failed(unique, Errno.of("request " + unique, e));
        }
        send.accept(made);
        if (kept.size() < KEPT) {
            kept.add(reply);
        }
    }

    /**
     * The kernel tells that whoever asked got a signal. A reader that is being killed is let go;
     * one that is not gets its bytes, as programs do not expect a read of a file to be interrupted.
     */
    void interrupted(long unique) {
        Waiting waiting = all.get(unique);
        if (waiting != null && dying.test(waiting.asker())) {
            waiting.thread().interrupt();
        }
    }

    /** How many there are now. */
    int count() {
        return all.size();
    }

    /** Answers all reads of a file with an error at once. */
    void giveUp(Semaphore places) {
        all.values().stream()
                .filter(waiting -> waiting.places() == places)
                .forEach(waiting -> waiting.thread().interrupt());
    }

    /**
     * Gives up all, and waits until each has ended; none may be added any more.
     *
     * @return false if one goes on for longer than {@code time}
     */
    boolean end(Duration time) throws InterruptedException {
        List<Waiting> left = List.copyOf(all.values());
        left.forEach(waiting -> waiting.thread().interrupt());
        for (Waiting waiting : left) {
            if (!waiting.thread().join(time)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a thread has a signal pending that ends it; false if that cannot be found out. */
    private static boolean isDying(int thread) {
        try {
            return Files.readAllLines(Path.of("/proc/" + thread + "/status")).stream()
                    .filter(line -> line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, HEXADECIMAL) & SIGKILL) != 0);
        } catch (NoSuchFileException _) {
            return thread > 0;
        } catch (IOException e) {
            LOG.debug("thread {} cannot be looked at: {}", thread, e.getMessage());
            return false;
        }
    }
}
