package org.netloop.frontend.fuse;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The memory of answers that are waited for, over all files of all mounts. Each file has some that
 * no other can take, so that files whose volumes hang delay no other one; beyond those, files share
 * a common number, in turns. Thread-safe.
 */
final class Replies {
    /** Answers of a file that no other can take. */
    static final int OWN = 8;

    /** Most answers of a file. */
    static final int EACH = 128;

    /** Most answers beyond those that files have of their own: 32 MiB. */
    static final int SHARED = 256;

    /** Most answers, of 128 KiB each, that are kept for reuse. */
    private static final int KEPT = 64;

    private final ReentrantLock lock = new ReentrantLock();

    // All guarded by the lock.
    private final Deque<Reply> kept = new ArrayDeque<>();
    private final Set<File> queued = new LinkedHashSet<>();
    private int sharedTaken;

    /** The answers of one file. What counts them is guarded by the lock. */
    static final class File {
        private final Deque<CountDownLatch> waiting = new ArrayDeque<>();
        private int taken;
        private volatile boolean gone;

        /** Says that nothing of it is answered any more. */
        void go() {
            gone = true;
        }

        boolean isGone() {
            return gone;
        }
    }

    /** Takes memory for an answer, after those of the same file that came before. */
    Reply take(File file) throws InterruptedException {
        CountDownLatch turn = new CountDownLatch(1);
        lock.lock();
        try {
            file.waiting.add(turn);
            queued.add(file);
            serve();
        } finally {
            lock.unlock();
        }
        boolean taken = false;
        try {
            turn.await();
            Reply reply = memory();
            taken = true;
            return reply;
        } finally {
            if (!taken) {
                leave(file, turn);
            }
        }
    }

    /** Returns memory for an answer; who sent it keeps it for the next, or closes it. */
    @SuppressWarnings("MustBeClosedChecker")
    private Reply memory() {
        Reply reply;
        lock.lock();
        try {
            reply = kept.poll();
        } finally {
            lock.unlock();
        }
        // Not left to the collector: it does not know how much memory an answer has.
        return reply == null ? new Reply(Arena.ofShared()) : reply;
    }

    private void leave(File file, CountDownLatch turn) {
        lock.lock();
        try {
            if (!file.waiting.remove(turn)) {
                release(file);
            } else if (file.waiting.isEmpty()) {
                queued.remove(file);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives memory back that was taken for a file. */
    void giveBack(File file, Reply reply) {
        boolean keep;
        lock.lock();
        try {
            keep = kept.size() < KEPT;
            if (keep) {
                kept.add(reply);
            }
            release(file);
        } finally {
            lock.unlock();
        }
        if (!keep) {
            reply.free();
        }
    }

    /** Frees what is kept for reuse. */
    void trim() {
        lock.lock();
        try {
            kept.forEach(Reply::free);
            kept.clear();
        } finally {
            lock.unlock();
        }
    }

    private void release(File file) {
        sharedTaken -= file.taken > OWN ? 1 : 0;
        file.taken--;
        serve();
    }

    /** Lets those go on for whom there is memory; one of each file at a time. */
    private void serve() {
        boolean served = true;
        while (served) {
            served = false;
            for (File file : List.copyOf(queued)) {
                if (file.taken < EACH && (file.taken < OWN || sharedTaken < SHARED)) {
                    grant(file);
                    served = true;
                }
            }
        }
    }

    private void grant(File file) {
        file.taken++;
        sharedTaken += file.taken > OWN ? 1 : 0;
        file.waiting.remove().countDown();
        // To the end of the queue, or out of it.
        queued.remove(file);
        if (!file.waiting.isEmpty()) {
            queued.add(file);
        }
    }
}
