package org.netloop.frontend.nbd;

import org.netloop.frontend.nbd.Handshake.Session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/**
 * Serves the requests of one connection. Its thread takes all requests that have come, answers
 * those whose bytes are in memory together, in one write, and hands the others to threads of their
 * own, which answer when their blocks are there. Used by one thread.
 */
final class Transmission {
    /** So many requests are taken in one read. */
    private static final int IN_LENGTH = 16 << 10;

    /** Answers are collected up to here: a few of them still fit in the processor's cache. */
    private static final int OUT_LENGTH = 512 << 10;

    private static final int SMALL_REPLY = 8 << 10;

    private final ByteChannel channel;
    private final Session session;
    private final Replies replies;
    private final Workers workers;
    private final ReplyWriter writer;
    private final Request request = new Request();
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_LENGTH).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_LENGTH);

    Transmission(ByteChannel channel, Session session, Memory memory, ReplyWriter writer) {
        this.channel = channel;
        this.session = session;
        this.replies = new Replies(session.structured());
        this.writer = writer;
        this.workers = new Workers(session, replies, memory, writer);
    }

    /** Returns when the client is done; all that it asked for is answered by then. */
    void serve() throws IOException, InterruptedException {
        try {
            while (fill(Nbd.REQUEST_LENGTH)) {
                request.read(in);
                if (request.type == Nbd.CMD_DISC) {
                    break;
                }
                handle();
            }
            flush();
        } finally {
            workers.drain();
        }
    }

    /** False if the stream ended between two requests. Collected answers go out before it waits. */
    private boolean fill(int wanted) throws IOException {
        while (in.remaining() < wanted) {
            flush();
            in.compact();
            int count = channel.read(in);
            in.flip();
            if (count < 0) {
                if (in.hasRemaining()) {
                    throw new ProtocolException("the stream ends in the middle of a request");
                }
                return false;
            }
        }
        return true;
    }

    private void flush() throws IOException {
        if (out.position() > 0) {
            writer.write(out.flip());
            out.clear();
        }
    }

    private void handle() throws IOException, InterruptedException {
        switch (request.type) {
            case Nbd.CMD_READ -> read();
            case Nbd.CMD_BLOCK_STATUS -> blockStatus();
            case Nbd.CMD_CACHE -> cache();
            case Nbd.CMD_FLUSH -> success();
            case Nbd.CMD_WRITE -> {
                skipPayload();
                error(Nbd.EPERM, "the export is read-only");
            }
            case Nbd.CMD_TRIM, Nbd.CMD_WRITE_ZEROES -> error(Nbd.EPERM, "the export is read-only");
            default -> error(Nbd.EINVAL, "unknown request " + request.type);
        }
    }

    private void read() throws IOException, InterruptedException {
        if (request.length > Nbd.MAX_REQUEST) {
            error(Nbd.EOVERFLOW, "reads have at most " + Nbd.MAX_REQUEST + " bytes");
        } else if (request.length == 0 || !request.isWithin(session.export().volume().size())) {
            error(Nbd.EINVAL, "the range is empty or outside of the export");
        } else if (!readInline((int) request.length)) {
            handOver();
            workers.read(request);
        }
    }

    /** False if it is not all in memory, or too large to be collected. */
    private boolean readInline(int length) throws IOException {
        int needed = replies.dataHeadLength() + length;
        if (needed > OUT_LENGTH) {
            return false;
        }
        if (needed > out.remaining()) {
            flush();
        }
        int start = out.position();
        replies.dataHead(out, request.cookie, request.offset, length, true);
        out.limit(out.position() + length);
        boolean present = session.export().volume().readIfPresent(request.offset, out);
        out.limit(out.capacity());
        if (!present) {
            out.position(start);
        }
        return present;
    }

    /** Whoever takes a request over may take long: what is collected does not wait for that. */
    private void handOver() throws IOException {
        flush();
    }

    private void blockStatus() throws IOException, InterruptedException {
        if (!session.allocation()) {
            error(Nbd.EINVAL, "no context was negotiated");
        } else if (request.length == 0 || !request.isWithin(session.export().volume().size())) {
            error(Nbd.EINVAL, "the range is empty or outside of the export");
        } else {
            handOver();
            workers.blockStatus(request);
        }
    }

    private void cache() throws IOException, InterruptedException {
        if (!request.isWithin(session.export().volume().size())
                || request.length > Nbd.MAX_REQUEST) {
            error(Nbd.EINVAL, "the range is too long or outside of the export");
            return;
        }
        handOver();
        workers.cache(request);
    }

    private void success() throws IOException {
        makeRoom();
        replies.success(out, request.cookie);
    }

    private void error(int error, String message) throws IOException {
        makeRoom();
        replies.error(out, request.cookie, error, message);
    }

    private void makeRoom() throws IOException {
        if (out.remaining() < SMALL_REPLY) {
            flush();
        }
    }

    private void skipPayload() throws IOException {
        if (request.length > Nbd.MAX_REQUEST) {
            throw new ProtocolException("a write of " + request.length + " bytes");
        }
        long left = request.length;
        while (left > 0) {
            if (!in.hasRemaining() && !fill(1)) {
                throw new ProtocolException("the stream ends in the middle of a write");
            }
            int skipped = (int) Math.min(left, in.remaining());
            in.position(in.position() + skipped);
            left -= skipped;
        }
    }
}
