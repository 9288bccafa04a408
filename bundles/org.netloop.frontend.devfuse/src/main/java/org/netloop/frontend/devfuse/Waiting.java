package org.netloop.frontend.devfuse;

import org.netloop.api.mount.WaitingRequests;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests of one session that have to wait for something. Each has a virtual thread, so that
 * whoever takes requests from the kernel never waits; it gets memory only once its file's share has
 * room, so that no file takes what another needs. Thread-safe.
 */
final class Waiting {
    private static final Replies OF_ALL_MOUNTS = new Replies();
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);

    /** Makes and sends an answer; may wait. */
    @FunctionalInterface
    interface Answer {
        void by(Reply reply) throws IOException, InterruptedException;
    }

    private final AtomicBoolean watching = new AtomicBoolean();
    private final WaitingRequests all;
    private final Device device;

    /** Creates those of a session whose readers are looked up in {@code /proc}. */
    Waiting(Device device) {
        this(device, new WaitingRequests());
    }

    Waiting(Device device, WaitingRequests all) {
        this.device = device;
        this.all = all;
    }

    /**
     * Answers a request as soon as it can be; returns at once.
     *
     * @param unique names the request
     * @param asker the thread that asks
     * @param length how many bytes its answer or its data have, at most {@link Negotiation#MOST}
     */
    void add(long unique, int asker, Share share, int length, Answer answer) {
        Thread thread =
                Thread.ofVirtual()
                        .name("netloop-devfuse " + unique)
                        .unstarted(() -> answer(unique, share, length, answer));
        all.add(key(unique), asker, share, thread);
        if (share.isGone()) {
            thread.interrupt(); // who gave them up may have looked before this one was there
        }
        if (watching.compareAndSet(false, true)) {
            Thread.ofVirtual().name("netloop-devfuse watch").start(this::watch);
        }
    }

    /**
     * Lets go who is killed while its direct read waits, which the kernel sends in the background
     * and tells no signal of.
     */
    private void watch() {
        do {
            look();
            // One that was added after the last look was not watched over by another.
        } while (!all.isEmpty() && watching.compareAndSet(false, true));
    }

    private void look() {
        try {
            while (!all.isEmpty()) {
                Thread.sleep(LOOKS_EVERY);
                all.letDyingGo(LOOKS_EVERY);
            }
        } catch (InterruptedException _) {
            // Nobody interrupts it.
        } finally {
            watching.set(false);
        }
    }

    /** A request that is sent again is the same one. */
    private static long key(long unique) {
        return unique & ~Request.RESENT;
    }

    private void answer(long unique, Share share, int length, Answer answer) {
        int units = Share.units(length);
        try {
            boolean isOwn = share.take(units);
            try {
                answerNow(unique, length, answer);
            } finally {
                share.giveBack(units, isOwn);
            }
        } catch (InterruptedException _) {
            answerNow(unique, 0, reply -> reply.fail(device, unique, Errno.EINTR));
        } finally {
            all.remove(key(unique));
        }
    }

    private void answerNow(long unique, int length, Answer answer) {
        Replies.Room room = OF_ALL_MOUNTS.take(length);
        try {
            answer.by(room.reply());
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            room.reply().fail(device, unique, Errno.of("request " + unique, e));
        }
        OF_ALL_MOUNTS.give(room);
    }

    /** The kernel tells that whoever asked got a signal. */
    void interrupted(long unique) {
        all.interrupted(key(unique));
    }

    /** Returns the number of waiting requests. */
    int count() {
        return all.count();
    }

    /** Answers all requests of a file with an error at once, also those that are still to come. */
    void giveUp(Share share) {
        share.leave();
        all.giveUp(share);
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
