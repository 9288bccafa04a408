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
import java.util.Set;

/**
 * Requests of one connection that wait for their blocks. A long read goes piece by piece through
 * buffers of the client's share; where that gives none, one piece at a time through the client's
 * own buffer. Thread-safe.
 */
final class WaitingReads {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingReads.class);
    private static final int MOST_EXTENTS = 512;

    private final Volume volume;
    private final Replies replies;
    private final Runs runs;
    private final Memory.Share share;
    private final int ownLength;
    private final Lane lane;
    private final InFlight inFlight;
    private final WholeReads whole;
    private final BlockStates states;

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
        this.states = new BlockStates(volume, replies);
        this.whole = new WholeReads(volume, replies, share, ownLength, lane);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void start(Ticket ticket, Work work) throws InterruptedException {
        inFlight.start(() -> answer(ticket, work));
    }

    /** Does something on the thread of the connection; tells the client of a failure. */
    boolean changeNow(Ticket ticket, Change change) throws InterruptedException {
        try {
            change.run();
            return true;
        } catch (VolumeException e) {
            fail(ticket, Errors.number(e), Failures.sentence(e));
        } catch (RuntimeException | Error e) {
            LOG.error("a write to volume {} failed in a way it should not", volume.name(), e);
            fail(ticket, Nbd.EIO, Failures.sentence(e));
        }
        return false;
    }

    private void answer(Ticket ticket, Work work) {
        try {
            work.run();
        } catch (VolumeException e) {
            // The engine has logged it; this client is told.
            fail(ticket, Errors.number(e), Failures.sentence(e));
        } catch (IOException e) {
            LOG.debug("a reply could not be written: {}", e.getMessage());
        } catch (InterruptedException _) {
            fail(ticket, Nbd.ESHUTDOWN, "the server stops");
        } catch (RuntimeException | Error e) {
            LOG.error("a request on volume {} failed in a way it should not", volume.name(), e);
            fail(ticket, Nbd.EIO, Failures.sentence(e));
        }
    }

    private void fail(Ticket ticket, int error, String message) {
        try {
            lane.send(replies.error(ticket, error, message));
        } catch (IOException e) {
            LOG.debug("an error could not be sent to the client: {}", e.getMessage());
        }
    }

    /** Answers with as many parts as there are pieces and holes; structured replies only. */
    void readInPieces(Ticket ticket, long from, long end) throws InterruptedException {
        start(
                ticket,
                () -> {
                    for (long at = from; at < end; ) {
                        Extent run = volume.extent(at, end - at);
                        if (run.hole()) {
                            sendHole(ticket, run, run.end() == end);
                        } else {
                            sendData(ticket, at, run.end(), run.end() == end);
                        }
                        at = run.end();
                    }
                });
    }

    private void sendHole(Ticket ticket, Extent run, boolean last) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Replies.SHORT);
        replies.hole(out, ticket, run.offset(), (int) run.length(), last);
        lane.send(out.flip());
    }

    private void sendData(Ticket ticket, long from, long end, boolean last)
            throws IOException, InterruptedException {
        for (long at = from; at < end; ) {
            int count = pieceLength(at, end, Buffers.LARGEST);
            Buffer piece = share.take(count);
            if (piece == null) {
                count = pieceLength(at, end, ownLength);
                sendByOwn(ticket, at, count, last && at + count == end);
            } else {
                try {
                    volume.read(at, data(piece.bytes(), count));
                    lane.lock();
                    try {
                        send(ticket, at, count, piece.bytes(), last && at + count == end);
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

    private void sendByOwn(Ticket ticket, long at, int count, boolean last)
            throws IOException, InterruptedException {
        lane.lock();
        try {
            ByteBuffer own = lane.own();
            volume.read(at, data(own, count));
            send(ticket, at, count, own, last);
        } finally {
            lane.unlock();
        }
    }

    private static ByteBuffer data(ByteBuffer buffer, int count) {
        return buffer.clear().position(Buffers.HEAD).limit(Buffers.HEAD + count);
    }

    /** Sends what lies behind the room for a head; that of each run goes where the last one was. */
    private void send(Ticket ticket, long offset, int count, ByteBuffer buffer, boolean last)
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
                replies.dataHead(buffer, ticket, offset + done, length, end);
                lane.write(buffer.position(from - head).limit(from + length));
            } else {
                buffer.position(from - replies.holeLength());
                replies.hole(buffer, ticket, offset + done, length, end);
                lane.write(buffer.flip().position(from - replies.holeLength()));
            }
            done += length;
        }
    }

    static int pieceLength(long at, long end, int most) {
        return (int) (end - at <= most ? end - at : most - (at & most - 1));
    }

    /** Answers with all bytes in one piece, as a simple reply or one part. */
    void readWhole(Ticket ticket, long offset, int length) throws InterruptedException {
        start(ticket, () -> whole.answer(ticket, offset, length));
    }

    /**
     * Tells of each of the contexts how a range is.
     *
     * @param contexts at least one
     */
    void blockStatus(Request request, Set<MetaContext> contexts) throws InterruptedException {
        Ticket ticket = request.ticket();
        int most = request.has(Nbd.CMD_FLAG_REQ_ONE) ? 1 : MOST_EXTENTS;
        long end = request.offset + request.length;
        start(
                ticket,
                () -> {
                    int left = contexts.size();
                    for (MetaContext context : contexts) {
                        left--;
                        ByteBuffer extents = states.of(context, ticket.offset(), end, most);
                        int count = extents.remaining() / replies.extentLength();
                        ByteBuffer out = ByteBuffer.allocate(Replies.SHORT + extents.remaining());
                        replies.extentsHead(out, ticket, count, context.id(), left == 0);
                        lane.send(out.put(extents).flip());
                    }
                });
    }

    /** Reads what a client will want soon, so that it is in the caches by then. */
    void cache(Request request) throws InterruptedException {
        Ticket ticket = request.ticket();
        long offset = request.offset;
        long end = offset + request.length;
        start(
                ticket,
                () -> {
                    whole.prepare(offset, end);
                    succeed(ticket);
                });
    }

    private void succeed(Ticket ticket) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(Replies.SHORT);
        replies.success(out, ticket);
        lane.send(out.flip());
    }

    /** Does something to the volume. */
    @FunctionalInterface
    interface Change {
        void run() throws VolumeException, InterruptedException;
    }

    /**
     * Does something to the volume, and answers when it is done.
     *
     * @param durable whether it must survive a power cut by then
     */
    void change(Ticket ticket, boolean durable, Change change) throws InterruptedException {
        start(
                ticket,
                () -> {
                    change.run();
                    if (durable) {
                        volume.flush();
                    }
                    succeed(ticket);
                });
    }
}
