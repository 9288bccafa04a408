package org.netloop.frontend.devfuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;
import org.netloop.api.volume.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the requests of one mount from the kernel and answers them.
 *
 * <p>Invariant: no thread that takes requests waits for a volume, so that a few are enough and no
 * file can take them all. What is in memory is answered at once, without memory of its own.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);
    private static final int FEWEST = 4;
    private static final int MOST = 8;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final Device device;
    private final Nodes nodes;
    private final Naming naming;
    private final boolean writes;
    private final Waiting waiting;
    private final Share late = new Share();
    private final CompletableFuture<Negotiation> negotiated = new CompletableFuture<>();

    /**
     * Makes a session that answers nothing yet.
     *
     * @param writes whether files may be written
     */
    Session(Device device, Nodes nodes, Naming naming, boolean writes) {
        this.device = device;
        this.nodes = nodes;
        this.naming = naming;
        this.writes = writes;
        this.waiting = new Waiting(device);
    }

    /** Returns its waiting requests. */
    Waiting waiting() {
        return waiting;
    }

    /** Returns what was agreed with the kernel, once it was. */
    CompletableFuture<Negotiation> negotiated() {
        return negotiated;
    }

    /**
     * Answers until it is unmounted.
     *
     * @param name of the threads
     * @return whether all that was begun has ended, and the descriptor may be closed
     */
    boolean serve(String name) throws InterruptedException {
        int count = Math.clamp(Runtime.getRuntime().availableProcessors(), FEWEST, MOST);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofPlatform().daemon().name(name).start(this::work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return waiting.end(ENDS_WITHIN);
    }

    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            Request request = new Request(arena, Negotiation.requestLength(writes));
            Reply reply = new Reply(arena, Negotiation.MOST);
            MemorySegment state = Native.state(arena);
            for (; ; ) {
                long length = device.receive(request.buffer(), state);
                if (length >= 0) {
                    take(request, length, reply);
                } else if (!goesOn(length)) {
                    return;
                }
            }
        }
    }

    /** A request that was interrupted before it was taken is none; all else ends the session. */
    private static boolean goesOn(long error) {
        if (error == -Errno.EINTR || error == -Errno.EAGAIN || error == -Errno.ENOENT) {
            return true;
        }
        if (error != -Errno.ENODEV && error != -Errno.ECONNABORTED) {
            LOG.error("requests cannot be taken from /dev/fuse any more: error {}", -error);
        }
        return false;
    }

    private void take(Request request, long length, Reply reply) {
        if (request.take(length)) {
            answer(request, reply);
        } else {
            LOG.error("a request of {} bytes is not one: the kernel speaks otherwise", length);
        }
    }

    /**
     * Answers a request; no exception may end the thread, or leave the request without an answer.
     */
    private void answer(Request request, Reply reply) {
        try {
            if (!request.isWhole()) {
                reply.fail(device, request.unique(), Errno.EINVAL);
                return;
            }
            switch (request.opcode()) {
                case Request.READ -> read(request, reply);
                case Request.WRITE, Request.FSYNC, Request.FALLOCATE -> change(request, reply);
                case Request.LSEEK -> seek(request, reply);
                case Request.INTERRUPT -> waiting.interrupted(request.number(0));
                case Request.FORGET, Request.BATCH_FORGET -> {
                    // Numbers are not counted, and these get no answer.
                }
                case Request.INIT -> negotiate(request, reply);
                case Request.DESTROY -> reply.send(device, request.unique(), 0);
                default -> name(request, reply);
            }
        } catch (RuntimeException | Error e) {
            reply.fail(device, request.unique(), Errno.of("a request", e));
        }
    }

    private void negotiate(Request request, Reply reply) {
        Negotiation asked = Negotiation.of(request);
        if (!asked.isKnown()) {
            reply.fail(device, request.unique(), Errno.EPROTO);
            negotiated.complete(asked);
            return;
        }
        asked.answer(reply.fields(Negotiation.LENGTH), writes);
        reply.send(device, request.unique(), Negotiation.LENGTH);
        if (asked.major() == Negotiation.MAJOR) {
            negotiated.complete(asked);
        }
    }

    private void name(Request request, Reply reply) {
        if (nodes.isAwaiting() && naming.isMissing(request)) {
            later(request);
        } else {
            naming.answer(request, reply);
        }
    }

    /** Answers once the entry is there that a former process had, or none can come any more. */
    private void later(Request asked) {
        Request request = asked.copy();
        waiting.add(
                request.unique(),
                request.thread(),
                late,
                0,
                reply -> {
                    nodes.awaitUntil(() -> naming.target(request));
                    answer(request, reply);
                });
    }

    /** Returns an entry; null if it is gone, or will come later, which is seen to. */
    private @Nullable Node node(Request request, Reply reply) {
        Node node = nodes.byId(request.node());
        if (node == null) {
            if (nodes.isAwaiting()) {
                later(request);
            } else {
                // It was detached: what the kernel says too, once the mount has gone.
                reply.fail(device, request.unique(), Errno.ENOTCONN);
            }
        }
        return node;
    }

    private void read(Request request, Reply reply) {
        Node node = node(request, reply);
        if (node instanceof Node.Image image) {
            read(request, image, reply);
        } else if (node != null) {
            naming.read(request, node, reply);
        }
    }

    private void read(Request request, Node.Image image, Reply reply) {
        long unique = request.unique();
        long offset = request.offset();
        long left = offset < 0 ? 0 : Math.max(0, image.size() - offset);
        int count = (int) Math.min(Math.clamp(request.size(), 0, Negotiation.MOST), left);
        if (count == 0) {
            reply.send(device, unique, 0);
        } else if (count <= reply.most()
                && image.volume().readIfPresent(offset, reply.data(count))) {
            reply.send(device, unique, count);
        } else {
            Volume volume = image.volume();
            waiting.add(
                    unique,
                    request.thread(),
                    image.share(),
                    count,
                    later -> {
                        volume.read(offset, later.data(count));
                        later.send(device, unique, count);
                    });
        }
    }

    private void change(Request request, Reply reply) {
        Node node = node(request, reply);
        if (node == null) {
            return;
        }
        long unique = request.unique();
        if (!(node instanceof Node.Image image)) {
            reply.fail(device, unique, request.opcode() == Request.FSYNC ? 0 : Errno.EROFS);
            return;
        }
        int refusal = Changes.refusal(request, image.volume());
        if (refusal != 0) {
            reply.fail(device, unique, refusal);
            return;
        }
        boolean write = request.opcode() == Request.WRITE;
        Request kept = request.copy();
        waiting.add(
                unique,
                request.thread(),
                image.share(),
                0,
                later -> {
                    int count = Changes.run(kept, image.volume());
                    later.fields(Fields.NUMBER).set(JAVA_INT, 0, count);
                    later.send(device, unique, write ? Fields.NUMBER : 0);
                });
    }

    private void seek(Request request, Reply reply) {
        Node node = node(request, reply);
        if (node == null) {
            return;
        }
        long unique = request.unique();
        long offset = request.offset();
        boolean hole = request.word(16) == SEEK_HOLE;
        if (!hole && request.word(16) != SEEK_DATA) {
            reply.fail(device, unique, Errno.EINVAL);
        } else if (offset < 0 || offset >= node.size()) {
            reply.fail(device, unique, Errno.ENXIO);
        } else if (node instanceof Node.Image image) {
            waiting.add(
                    unique,
                    request.thread(),
                    image.share(),
                    0,
                    later -> seek(image, unique, hole, offset, later));
        } else {
            sendOffset(reply, unique, hole ? node.size() : offset);
        }
    }

    private void seek(Node.Image image, long unique, boolean hole, long offset, Reply reply)
            throws IOException, InterruptedException {
        long found = image.next(hole, offset);
        if (found >= image.size() && !hole) {
            reply.fail(device, unique, Errno.ENXIO);
        } else {
            sendOffset(reply, unique, found);
        }
    }

    private void sendOffset(Reply reply, long unique, long offset) {
        reply.body().set(JAVA_LONG, 0, offset);
        reply.send(device, unique, Fields.NUMBER);
    }
}
