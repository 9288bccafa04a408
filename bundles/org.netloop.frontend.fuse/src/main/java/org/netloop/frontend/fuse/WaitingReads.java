package org.netloop.frontend.fuse;

import org.netloop.api.mount.WaitingRequests;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The requests of one mount that have to wait for something. Each has a virtual thread, so that
 * whoever takes requests from the kernel never waits, and gets memory only when it is its file's
 * turn. Thread-safe.
 */
final class WaitingReads {
    /** Makes an answer; may wait. */
    @FunctionalInterface
    interface Answer {
        MemorySegment in(Reply reply) throws IOException, InterruptedException;
    }

    private final WaitingRequests all;
    private final Replies replies;
    private final Consumer<MemorySegment> send;

    /**
     * Creates the reads of a mount whose readers are looked up in {@code /proc}.
     *
     * @param replies the memory of the answers
     * @param send sends an answer, given as an iovec; called by many threads at once
     */
    WaitingReads(Replies replies, Consumer<MemorySegment> send) {
        this(replies, send, new WaitingRequests());
    }

    WaitingReads(Replies replies, Consumer<MemorySegment> send, WaitingRequests all) {
        this.replies = replies;
        this.send = send;
        this.all = all;
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
        all.add(unique, asker, file, thread);
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

    /** The kernel tells that whoever asked got a signal. */
    void interrupted(long unique) {
        all.interrupted(unique);
    }

    /** Returns the number of waiting reads. */
    int count() {
        return all.count();
    }

    /** Answers all reads of a file with an error at once, and those that still come. */
    void giveUp(Replies.File file) {
        file.go();
        all.giveUp(file);
    }

    /**
     * Gives up all, and waits until each has ended; none may be added any more.
     *
     * @return false if one goes on for longer than {@code time}
     */
    boolean end(Duration time) throws InterruptedException {
        return all.end(time);
    }
}
