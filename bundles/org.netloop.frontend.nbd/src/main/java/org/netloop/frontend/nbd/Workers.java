package org.netloop.frontend.nbd;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;
import org.netloop.frontend.nbd.Handshake.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;

/**
 * Requests of one connection that wait for their blocks, each on a virtual thread. When too many
 * bytes are asked for at a time, the connection is not read on until some are answered.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int UNIT = 4 << 10;

    /** Bytes under way on one connection: one request of the largest size. */
    private static final int MOST_UNITS = Nbd.MAX_REQUEST / UNIT;

    /** A long read is answered in pieces where the protocol allows it. */
    private static final int PIECE = (1 << 20) - 64;

    private static final int MOST_EXTENTS = 512;
    private static final int ERROR_LENGTH = 8 << 10;
    private static final int HEAD_LENGTH = 64;

    private final Volume volume;
    private final Replies replies;
    private final Memory memory;
    private final ReplyWriter writer;
    private final Semaphore room = new Semaphore(MOST_UNITS);
    private final Phaser busy = new Phaser(1);

    Workers(Session session, Replies replies, Memory memory, ReplyWriter writer) {
        this.volume = session.export().volume();
        this.replies = replies;
        this.memory = memory;
        this.writer = writer;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(long cookie, long length, Work work) throws InterruptedException {
        int units = (int) Math.clamp(length / UNIT, 1, MOST_UNITS);
        room.acquire(units);
        busy.register();
        Thread.ofVirtual()
                .name("nbd-request")
                .start(
                        () -> {
                            try {
                                work.run();
                            } catch (VolumeException e) {
                                // The engine has logged it; this client is told.
                                fail(cookie, Nbd.EIO, String.valueOf(e.getMessage()));
                            } catch (IOException e) {
                                LOG.debug("a reply could not be written: {}", e.getMessage());
                            } catch (InterruptedException _) {
                                fail(cookie, Nbd.ESHUTDOWN, "the server stops");
                            } catch (RuntimeException | Error e) {
                                LOG.error(
                                        "a request on volume {} failed in a way it should not",
                                        volume.name(),
                                        e);
                                fail(cookie, Nbd.EIO, e.toString());
                            } finally {
                                room.release(units);
                                busy.arriveAndDeregister();
                            }
                        });
    }

    private void fail(long cookie, int error, String message) {
        ByteBuffer out = ByteBuffer.allocate(ERROR_LENGTH);
        replies.error(out, cookie, error, message);
        try {
            writer.write(out.flip());
        } catch (IOException e) {
            LOG.debug("an error could not be told to the client: {}", e.getMessage());
        }
    }

    void read(Request request) throws InterruptedException {
        long cookie = request.cookie;
        long offset = request.offset;
        int length = (int) request.length;
        boolean whole = !replies.structured() || request.has(Nbd.CMD_FLAG_DF);
        start(
                cookie,
                length,
                () -> {
                    if (whole) {
                        piece(cookie, offset, length, true);
                    } else {
                        pieces(cookie, offset, length);
                    }
                });
    }

    private void pieces(long cookie, long offset, int length)
            throws IOException, InterruptedException {
        for (int done = 0; done < length; ) {
            Extent run = volume.extent(offset + done, length - done);
            int count = (int) (run.hole() ? run.length() : Math.min(PIECE, run.length()));
            boolean last = done + count == length;
            if (run.hole()) {
                hole(cookie, offset + done, count, last);
            } else {
                piece(cookie, offset + done, count, last);
            }
            done += count;
        }
    }

    private void hole(long cookie, long offset, int length, boolean last) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(HEAD_LENGTH);
        replies.hole(out, cookie, offset, length, last);
        writer.write(out.flip());
    }

    private void piece(long cookie, long offset, int length, boolean last)
            throws IOException, InterruptedException {
        ByteBuffer out = memory.take(replies.dataHeadLength() + length);
        try {
            replies.dataHead(out, cookie, offset, length, last);
            out.limit(out.position() + length);
            volume.read(offset, out);
            writer.write(out.flip());
        } finally {
            memory.give(out);
        }
    }

    void blockStatus(Request request) throws InterruptedException {
        long cookie = request.cookie;
        long offset = request.offset;
        long length = request.length;
        int most = request.has(Nbd.CMD_FLAG_REQ_ONE) ? 1 : MOST_EXTENTS;
        start(
                cookie,
                0,
                () -> {
                    ByteBuffer extents = ByteBuffer.allocate(most * 2 * Integer.BYTES);
                    for (long at = offset; at < offset + length && extents.hasRemaining(); ) {
                        Extent run = volume.extent(at, offset + length - at);
                        extents.putInt((int) run.length())
                                .putInt(run.hole() ? Nbd.STATE_HOLE | Nbd.STATE_ZERO : 0);
                        at = run.end();
                    }
                    extents.flip();
                    ByteBuffer out = ByteBuffer.allocate(HEAD_LENGTH + extents.remaining());
                    replies.extentsHead(out, cookie, extents.remaining() / (2 * Integer.BYTES), 1);
                    writer.write(out.put(extents).flip());
                });
    }

    /** Reads what a client will want soon, so that it is in the caches by then. */
    void cache(Request request) throws InterruptedException {
        long cookie = request.cookie;
        long offset = request.offset;
        long end = offset + request.length;
        start(
                cookie,
                request.length,
                () -> {
                    ByteBuffer scratch = memory.take(PIECE);
                    try {
                        for (long at = offset; at < end; at += scratch.limit()) {
                            scratch.clear().limit((int) Math.min(PIECE, end - at));
                            volume.read(at, scratch);
                        }
                    } finally {
                        memory.give(scratch);
                    }
                    ByteBuffer out = ByteBuffer.allocate(HEAD_LENGTH);
                    replies.success(out, cookie);
                    writer.write(out.flip());
                });
    }

    /** Returns when all requests are answered. */
    void drain() {
        busy.arriveAndAwaitAdvance();
    }
}
