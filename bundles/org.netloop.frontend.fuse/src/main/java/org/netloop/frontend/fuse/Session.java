package org.netloop.frontend.fuse;

import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import ru.serce.jnrfuse.ErrorCodes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Takes the requests of one mount from libfuse and answers them. What is asked of a file's bytes is
 * answered here, past libfuse, whose callbacks would keep a thread for each read that waits; all
 * else is libfuse's.
 *
 * <p>Invariant: no thread that takes requests waits for a volume, so that a few are enough and no
 * file can take them all.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);
    private static final int FEWEST = 4;
    private static final int MOST = 8;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int PAGE = 4096;

    // Read at the start: a mount whose bundle has gone loads no more classes, and ends here.
    private final int interrupted = -ErrorCodes.EINTR();
    private final int again = -ErrorCodes.EAGAIN();

    private final LibFuseSession library;
    private final Runtime runtime;
    private final Pointer session;
    private final Pointer channel;
    private final LongFunction<@Nullable OpenFile> files;
    private final WaitingReads waiting;

    /**
     * Wraps a session that was set up.
     *
     * @param files the open file of a number; null if there is none
     * @param replies the memory of answers that are waited for
     */
    Session(
            LibFuseSession library,
            Pointer fuse,
            LongFunction<@Nullable OpenFile> files,
            Replies replies) {
        this.library = library;
        this.runtime = Runtime.getRuntime(library);
        this.session = library.fuse_get_session(fuse);
        this.channel = library.fuse_session_next_chan(session, null);
        this.files = files;
        this.waiting = new WaitingReads(replies, this::send);
    }

    /** Returns its waiting requests. */
    WaitingReads waiting() {
        return waiting;
    }

    /**
     * Answers until it is unmounted.
     *
     * @param name of the threads
     * @return whether all that was begun has ended, and what was set up may be freed
     */
    boolean serve(String name) throws InterruptedException {
        int count = Math.clamp(java.lang.Runtime.getRuntime().availableProcessors(), FEWEST, MOST);
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
        long size = library.fuse_chan_bufsize(channel);
        Pointer one = Memory.allocateDirect(runtime, runtime.addressSize(), true);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(size, PAGE);
            Pointer buffer = Pointer.wrap(runtime, bytes.address());
            Request request = new Request(bytes);
            Reply reply = new Reply(arena);
            for (; ; ) {
                one.putPointer(0, channel);
                int length = library.fuse_chan_recv(one, buffer, size);
                if (length > 0) {
                    answer(request, buffer, length, reply);
                } else if (length != interrupted && length != again) {
                    return;
                }
            }
        }
    }

    private void answer(Request request, Pointer buffer, int length, Reply reply) {
        switch (request.opcode()) {
            case Request.READ, Request.LSEEK, Request.WRITE, Request.FSYNC, Request.FALLOCATE ->
                    answer(request, reply);
            case Request.INTERRUPT -> waiting.interrupted(request.interrupted());
            default -> library.fuse_session_process(session, buffer, length, channel);
        }
    }

    /**
     * Answers a request; no exception may end the thread, or leave the request without an answer.
     */
    private void answer(Request request, Reply reply) {
        try {
            OpenFile file = files.apply(request.handle());
            if (file == null) {
                // It was detached: what the kernel says too, once the mount has gone.
                send(reply.failed(request.unique(), ErrorCodes.ENOTCONN()));
            } else if (request.opcode() == Request.READ) {
                read(request, file, reply);
            } else if (request.opcode() == Request.LSEEK) {
                seek(request, file, reply);
            } else {
                change(request, file, reply);
            }
        } catch (RuntimeException | Error e) {
            send(reply.failed(request.unique(), Errno.of("a request", e)));
        }
    }

    private void read(Request request, OpenFile file, Reply reply) {
        long unique = request.unique();
        long offset = request.offset();
        long left = offset < 0 ? 0 : Math.max(0, file.size() - offset);
        int count = (int) Math.min(Math.min(Math.max(0, request.size()), Reply.MOST), left);
        if (count == 0) {
            send(reply.of(unique, 0));
            return;
        }
        switch (file) {
            case OpenFile.Text(byte[] text) -> {
                reply.data(count).put(text, (int) offset, count);
                send(reply.of(unique, count));
            }
            case OpenFile.Image image -> {
                if (image.volume().readIfPresent(offset, reply.data(count))) {
                    send(reply.of(unique, count));
                } else {
                    waiting.add(
                            unique,
                            request.thread(),
                            image.replies(),
                            later -> read(image, unique, offset, later.data(count), later));
                }
            }
        }
    }

    private static MemorySegment read(
            OpenFile.Image image, long unique, long offset, ByteBuffer into, Reply reply)
            throws java.io.IOException, InterruptedException {
        int count = into.remaining();
        image.read(offset, into);
        return reply.of(unique, count);
    }

    private void change(Request request, OpenFile file, Reply reply) {
        long unique = request.unique();
        if (!(file instanceof OpenFile.Image image)) {
            send(reply.failed(unique, ErrorCodes.EROFS()));
            return;
        }
        switch (Changes.of(request, image.volume())) {
            case Changes.Refused(int errno) -> send(reply.failed(unique, errno));
            case Changes.Later change ->
                    waiting.add(
                            unique,
                            request.thread(),
                            image.replies(),
                            later -> change.run(image.volume(), unique, later));
        }
    }

    private void seek(Request request, OpenFile file, Reply reply) {
        long unique = request.unique();
        long offset = request.offset();
        boolean hole = request.whence() == SEEK_HOLE;
        if (!hole && request.whence() != SEEK_DATA) {
            send(reply.failed(unique, ErrorCodes.EINVAL()));
        } else if (offset < 0 || offset >= file.size()) {
            send(reply.failed(unique, ErrorCodes.ENXIO()));
        } else if (file instanceof OpenFile.Image image) {
            waiting.add(
                    unique,
                    request.thread(),
                    image.replies(),
                    later -> seek(image, unique, hole, offset, later));
        } else {
            send(reply.ofOffset(unique, hole ? file.size() : offset));
        }
    }

    private static MemorySegment seek(
            OpenFile.Image image, long unique, boolean hole, long offset, Reply reply)
            throws java.io.IOException, InterruptedException {
        long found = image.next(hole, offset);
        return found >= image.size() && !hole
                ? reply.failed(unique, ErrorCodes.ENXIO())
                : reply.ofOffset(unique, found);
    }

    private void send(MemorySegment parts) {
        int result = library.fuse_chan_send(channel, Pointer.wrap(runtime, parts.address()), 1);
        if (result != 0) {
            LOG.debug("an answer was not taken: its reader has gone ({})", result);
        }
    }
}
