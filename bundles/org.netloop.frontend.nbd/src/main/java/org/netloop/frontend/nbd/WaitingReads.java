package org.netloop.frontend.nbd;

import org.netloop.api.block.Extent;
import org.netloop.api.message.Failures;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;
import org.netloop.frontend.nbd.Buffers.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Requests of one connection that wait for their blocks. A long read goes piece by piece through
 * buffers of the client's share; where that gives none, one piece at a time through the client's
 * own buffer. Thread-safe.
 */
final class WaitingReads {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingReads.class);
    private static final int MOST_EXTENTS = 512;
    private static final int EXTENT_LENGTH = 2 * Integer.BYTES;

    private final Volume volume;
    private final Replies replies;
    private final Runs runs;
    private final Memory.Share share;
    private final int ownLength;
    private final Lane lane;
    private final InFlight inFlight;
    private final WholeReads whole;

    WaitingReads(
            Volume volume,
            Replies replies,
            Runs runs,
            Memory.Share share,
            int ownLength,
            Lane lane,
            InFlight inFlight) {
        this.volume = volume;
        this.replies = replies;
        this.runs = runs;
        this.share = share;
        this.ownLength = ownLength;
        this.lane = lane;
        this.inFlight = inFlight;
        this.whole = new WholeReads(volume, replies, share, ownLength, lane);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(long cookie, Work work) throws InterruptedException {
        inFlight.start(() -> answer(cookie, work));
    }

    private void answer(long cookie, Work work) {
        try {
            work.run();
        } catch (VolumeException e) {
            // The engine has logged it; this client is told.
            fail(cookie, Errors.number(e), Failures.sentence(e));
        } catch (IOException e) {
            LOG.debug("a reply could not be written: {}", e.getMessage());
        } catch (InterruptedException _) {
            fail(cookie, Nbd.ESHUTDOWN, "the server stops");
        } catch (RuntimeException | Error e) {
            LOG.error("a request on volume {} failed in a way it should not", volume.name(), e);
            fail(cookie, Nbd.EIO, Failures.sentence(e));
        }
    }

    private void fail(long cookie, int error, String message) {
        try {
            lane.send(replies.error(cookie, error, message));
        } catch (IOException e) {
            LOG.debug("an error could not be told to the client: {}", e.getMessage());
        }
    }

    /** Answers with as many parts as there are pieces and holes; structured replies only. */
    void readInPieces(long cookie, long from, long end) throws InterruptedException {
        start(
                cookie,
                () -> {
                    for (long at = from; at < end; ) {
                        Extent run = volume.extent(at, end - at);
                        if (run.hole()) {
                            sendHole(cookie, run, run.end() == end);
                        } else {
                            sendData(cookie, at, run.end(), run.end() == end);
                        }
                        at = run.end();
                    }
                });
    }

    private void sendHole(long cookie, Extent run, boolean last) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Replies.SHORT);
        replies.hole(out, cookie, run.offset(), (int) run.length(), last);
        lane.send(out.flip());
    }

    private void sendData(long cookie, long from, long end, boolean last)
            throws IOException, InterruptedException {
        for (long at = from; at < end; ) {
            int count = pieceLength(at, end, Buffers.LARGEST);
            Buffer piece = share.take(count);
            if (piece == null) {
                count = pieceLength(at, end, ownLength);
                sendByOwn(cookie, at, count, last && at + count == end);
            } else {
                try {
                    volume.read(at, data(piece.bytes(), count));
                    lane.lock();
                    try {
                        send(cookie, at, count, piece.bytes(), last && at + count == end);
                    } finally {
                        lane.unlock();
                    }
                } finally {
                    share.give(piece);
                }
            }
            at += count;
        }
    }

    private void sendByOwn(long cookie, long at, int count, boolean last)
            throws IOException, InterruptedException {
        lane.lock();
        try {
            ByteBuffer own = lane.own();
            volume.read(at, data(own, count));
            send(cookie, at, count, own, last);
        } finally {
            lane.unlock();
        }
    }

    private static ByteBuffer data(ByteBuffer buffer, int count) {
        return buffer.clear().position(Buffers.HEAD).limit(Buffers.HEAD + count);
    }

    /** Sends what lies behind the room for a head; that of each run goes where the last one was. */
    private void send(long cookie, long offset, int count, ByteBuffer buffer, boolean last)
            throws IOException {
        int head = replies.dataHeadLength();
        buffer.clear();
        for (int done = 0; done < count; ) {
            int from = Buffers.HEAD + done;
            int run = runs.first(buffer.clear(), from, count - done, offset + done);
            int length = Math.abs(run);
            boolean end = last && done + length == count;
            if (run > 0) {
                buffer.position(from - head);
                replies.dataHead(buffer, cookie, offset + done, length, end);
                lane.write(buffer.position(from - head).limit(from + length));
            } else {
                buffer.position(from - Replies.HOLE_LENGTH);
                replies.hole(buffer, cookie, offset + done, length, end);
                lane.write(buffer.flip().position(from - Replies.HOLE_LENGTH));
            }
            done += length;
        }
    }

    static int pieceLength(long at, long end, int most) {
        return (int) (end - at <= most ? end - at : most - (at & most - 1));
    }

    /** Answers with all bytes in one piece, as a simple reply or one part. */
    void readWhole(long cookie, long offset, int length) throws InterruptedException {
        start(cookie, () -> whole.answer(cookie, offset, length));
    }

    void blockStatus(Request request) throws InterruptedException {
        long cookie = request.cookie;
        long offset = request.offset;
        long end = offset + request.length;
        int most = request.has(Nbd.CMD_FLAG_REQ_ONE) ? 1 : MOST_EXTENTS;
        start(
                cookie,
                () -> {
                    ByteBuffer extents = extents(offset, end, most);
                    int count = extents.remaining() / EXTENT_LENGTH;
                    ByteBuffer out = ByteBuffer.allocate(Replies.SHORT + extents.remaining());
                    replies.extentsHead(out, cookie, count, Nbd.ALLOCATION_CONTEXT);
                    lane.send(out.put(extents).flip());
                });
    }

    /** Those that follow each other differ, unless one would be too long for its field. */
    private ByteBuffer extents(long offset, long end, int most)
            throws VolumeException, InterruptedException {
        ByteBuffer extents = ByteBuffer.allocate(most * EXTENT_LENGTH);
        Extent run = volume.extent(offset, end - offset);
        for (int count = 1; ; count++) {
            long next = run.end();
            while (next < end) {
                Extent more = volume.extent(next, end - next);
                if (more.hole() != run.hole()) {
                    break;
                }
                next = more.end();
            }
            extents.putInt((int) (next - run.offset()))
                    .putInt(run.hole() ? Nbd.STATE_HOLE | Nbd.STATE_ZERO : 0);
            if (next == end || count == most) {
                return extents.flip();
            }
            run = volume.extent(next, end - next);
        }
    }

    /** Reads what a client will want soon, so that it is in the caches by then. */
    void cache(Request request) throws InterruptedException {
        long cookie = request.cookie;
        long offset = request.offset;
        long end = offset + request.length;
        start(
                cookie,
                () -> {
                    whole.prepare(offset, end);
                    ByteBuffer out = ByteBuffer.allocate(Replies.SHORT);
                    replies.success(out, cookie);
                    lane.send(out.flip());
                });
    }
}
