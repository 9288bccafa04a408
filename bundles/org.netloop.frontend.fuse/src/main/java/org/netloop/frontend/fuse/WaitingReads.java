package org.netloop.frontend.fuse;

import org.netloop.api.mount.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * The requests of one mount that have to wait for something. Each has a virtual thread, so that
 * whoever takes requests from the kernel never waits, and gets memory only when it is its file's
 * turn. Thread-safe.
 */
final class WaitingReads {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingReads.class);

    /** Makes an answer; may wait. */
    @FunctionalInterface
    interface Answer {
        MemorySegment in(Reply reply) throws IOException, InterruptedException;
    }

    private record Waiting(Thread thread, int asker, Replies.File file) {}

    private final Map<Long, Waiting> all = new ConcurrentHashMap<>();
    private final Replies replies;
    private final Consumer<MemorySegment> send;
    private final IntPredicate dying;

    /**
     * Creates the reads of a mount whose readers are looked up in {@code /proc}.
     *
     * @param replies the memory of the answers
     * @param send sends an answer, given as an iovec; called by many threads at once
     */
    WaitingReads(Replies replies, Consumer<MemorySegment> send) {
        this(replies, send, WaitingReads::isDying);
    }

    WaitingReads(Replies replies, Consumer<MemorySegment> send, IntPredicate dying) {
        this.replies = replies;
        this.send = send;
        this.dying = dying;
    }

    /**
     * Answers a request as soon as it can be; returns at once.
     *
     * @param unique names the request
     * @param asker the thread that asks
     * @param file counts the answers of the file
     */
    void add(long unique, int asker, Replies.File file, Answer answer) {
        Thread thread =
                Thread.ofVirtual()
                        .name("netloop-fuse read " + unique)
                        .unstarted(() -> answer(unique, file, answer));
        all.put(unique, new Waiting(thread, asker, file));
        thread.start();
        if (file.isGone()) {
            // Whoever gave up the file may not have seen this one.
            thread.interrupt();
        }
    }

    private void answer(long unique, Replies.File file, Answer answer) {
        try {
            Reply reply = replies.take(file);
            try {
                send.accept(made(unique, answer, reply));
            } finally {
                replies.giveBack(file, reply);
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            fail(unique, e);
        } finally {
            all.remove(unique);
        }
    }

    private static MemorySegment made(long unique, Answer answer, Reply reply) {
        try {
            return answer.in(reply);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            return reply.failed(unique, Errno.of("request " + unique, e));
        }
    }

    /** Answers what got no memory; no thread waits while it has this one. */
    private void fail(long unique, Throwable why) {
        try (Arena arena = Arena.ofConfined()) {
            send.accept(new Reply(arena).failed(unique, Errno.of("request " + unique, why)));
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

    /** Returns the number of waiting reads. */
    int count() {
        return all.size();
    }

    /** Answers all reads of a file with an error at once, and those that still come. */
    void giveUp(Replies.File file) {
        file.go();
        all.values().stream()
                .filter(waiting -> waiting.file() == file)
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

    /** Returns whether a thread has a fatal signal pending; false if that cannot be determined. */
    private static boolean isDying(int thread) {
        try {
            return Signals.isDying(thread);
        } catch (IOException e) {
            LOG.debug("thread {} cannot be looked at: {}", thread, e.getMessage());
            return false;
        }
    }
}
