package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.volume.Volume;
import org.netloop.frontend.nbd.Buffers.Buffer;
import org.netloop.frontend.nbd.Commands.Refusal;
import org.netloop.frontend.nbd.Handshake.Session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Serves the requests of one connection. Its thread takes all requests that have come, answers
 * those whose bytes are in memory together, in one write, and hands the others to threads of their
 * own, which answer when their blocks are there. Used by one thread.
 */
final class Transmission {
    private final ReadableByteChannel channel;
    private final Session session;
    private final Volume volume;
    private final Framing framing;
    private final Replies replies;
    private final Runs runs;
    private final Lane lane;
    private final Memory.Share share;
    private final WaitingReads waiting;
    private final Writes writes;
    private final int ownLength;
    private final Request request = new Request();
    private final ByteBuffer in;

    /** The lane's buffer, while replies are collected in it and this thread has the lock. */
    private @Nullable ByteBuffer out;

    /**
     * @param requests as many are taken in one read as fit in here
     * @param inFlight is given what has to be waited for
     */
    Transmission(
            ReadableByteChannel channel,
            ByteBuffer requests,
            Session session,
            Lane lane,
            Memory memory,
            InFlight inFlight) {
        this.channel = channel;
        this.in = requests.clear().limit(0);
        this.session = session;
        this.volume = session.export().volume();
        this.lane = lane;
        this.ownLength = memory.ownLength();
        this.share = memory.share(session.export().account());
        this.framing = session.framing();
        this.replies = new Replies(framing);
        this.runs = new Runs(Math.min(session.export().preferredLength(), ownLength));
        this.waiting = new WaitingReads(volume, replies, runs, share, ownLength, lane, inFlight);
        this.writes = new Writes(volume, share, waiting);
    }

    /**
     * Returns true when the client is done and says so, false when its stream ends; what it asked
     * for may still be under way.
     */
    boolean serve() throws IOException, InterruptedException {
        try {
            while (fill(framing.requestLength())) {
                request.read(in, framing);
                if (request.type == Nbd.CMD_DISC) {
                    flush();
                    return true;
                }
                handle();
            }
            return false;
        } finally {
            if (out != null) {
                out = null;
                lane.unlock();
            }
        }
    }

    /** False if the stream ended between two requests. Collected replies go out before it waits. */
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

    /** The buffer for replies, with room for a number of bytes. */
    private ByteBuffer collect(int room) throws IOException {
        ByteBuffer buffer = out;
        if (buffer == null) {
            buffer = lane.lockOwn();
            out = buffer;
        } else if (buffer.remaining() < room) {
            lane.write(buffer.flip());
            buffer.clear();
        }
        return buffer;
    }

    private void flush() throws IOException {
        ByteBuffer buffer = out;
        if (buffer != null) {
            lane.write(buffer.flip());
            out = null;
            lane.unlock();
        }
    }

    private void handle() throws IOException, InterruptedException {
        Set<MetaContext> contexts = session.contexts();
        if (request.type == Nbd.CMD_BLOCK_STATUS && request.payload > 0) {
            contexts = selected();
        }
        Refusal refusal = Commands.refusal(request, session, contexts);
        if (refusal != null) {
            skipPayload(request.payload);
            flush();
            lane.send(replies.error(request, refusal.error(), refusal.message()));
            return;
        }
        switch (request.type) {
            case Nbd.CMD_READ -> read();
            case Nbd.CMD_BLOCK_STATUS -> {
                flush();
                waiting.blockStatus(request, contexts);
            }
            case Nbd.CMD_CACHE -> {
                flush();
                waiting.cache(request);
            }
            case Nbd.CMD_WRITE -> write();
            case Nbd.CMD_TRIM, Nbd.CMD_WRITE_ZEROES, Nbd.CMD_FLUSH -> {
                flush();
                writes.change(request);
            }
            default -> throw new ProtocolException("request " + request.type);
        }
    }

    /**
     * The contexts that a request for the state of blocks names in its payload, which has its
     * length too; none, and the payload is left, if it is not in order.
     */
    private Set<MetaContext> selected() throws IOException {
        Set<MetaContext> selected = EnumSet.noneOf(MetaContext.class);
        long ids = (request.payload - Long.BYTES) / Integer.BYTES;
        if (ids < 1
                || ids > session.contexts().size()
                || request.payload != Long.BYTES + ids * Integer.BYTES) {
            return selected;
        }
        if (!fill((int) request.payload)) {
            throw endsInPayload();
        }
        request.payload = 0;
        request.length = in.getLong();
        boolean good = true;
        for (long i = 0; i < ids; i++) {
            int id = in.getInt();
            List<MetaContext> found =
                    session.contexts().stream().filter(one -> one.id() == id).toList();
            good &= !found.isEmpty() && selected.add(found.getFirst());
        }
        return good ? selected : Set.of();
    }

    /**
     * Serves a read: hands over what is not all in memory, without delaying the replies collected
     * so far.
     */
    private void read() throws IOException, InterruptedException {
        int length = (int) request.length;
        if (replies.structured() && !request.has(Nbd.CMD_FLAG_DF)) {
            long rest = readInPieces(request.offset, request.offset + length);
            if (rest < request.offset + length) {
                flush();
                waiting.readInPieces(request.ticket(), rest, request.offset + length);
            }
        } else if (!readWhole(length)) {
            flush();
            waiting.readWhole(request.ticket(), request.offset, length);
        }
    }

    /** False if it is not all in memory, or there is no buffer for it now. */
    private boolean readWhole(int length) throws IOException {
        if (length <= ownLength) {
            ByteBuffer buffer = collect(replies.dataHeadLength() + length);
            return readWhole(length, buffer);
        }
        Buffer piece = length <= Buffers.LARGEST ? share.tryTake(length) : null;
        if (piece == null) {
            return false;
        }
        try {
            boolean present = readWhole(length, piece.bytes());
            if (present) {
                flush();
                lane.send(piece.bytes().flip());
            }
            return present;
        } finally {
            share.give(piece);
        }
    }

    private boolean readWhole(int length, ByteBuffer into) {
        int start = into.position();
        replies.dataHead(into, request, request.offset, length, true);
        boolean present = readIfPresent(request.offset, length, into);
        if (!present) {
            into.position(start);
        }
        return present;
    }

    private boolean readIfPresent(long offset, int length, ByteBuffer into) {
        into.limit(into.position() + length);
        boolean present = volume.readIfPresent(offset, into);
        into.limit(into.capacity());
        return present;
    }

    /** The offset of the first byte that is not in memory; all before it is collected. */
    private long readInPieces(long offset, long end) throws IOException {
        int head = replies.dataHeadLength();
        long hole = offset;
        long at = offset;
        while (at < end) {
            int count = pieceLength(at, end);
            ByteBuffer buffer = collect(head + count + replies.holeLength());
            int start = buffer.position();
            buffer.position(start + head);
            if (!readIfPresent(at, count, buffer)) {
                buffer.position(start);
                break;
            }
            int run = runs.first(buffer, start + head, count, at);
            buffer.position(start);
            if (run > 0) {
                replies.dataHead(buffer, request, at, run, at + run == end && hole == at);
                buffer.position(start + head + run);
                hole(buffer, hole, at, at + run == end);
                hole = at + run;
            }
            at += Math.abs(run);
        }
        hole(collect(Replies.SHORT), hole, at, at == end);
        return at;
    }

    private void hole(ByteBuffer buffer, long from, long to, boolean last) {
        if (from < to) {
            replies.hole(buffer, request, from, (int) (to - from), last);
        }
    }

    /** Up to a multiple of its length, which is a multiple of most blocks, unless it is all. */
    private int pieceLength(long at, long end) {
        return (int) (end - at <= ownLength ? end - at : ownLength - (at & ownLength - 1));
    }

    /** Hands over a write that has to wait; replies collected so far do not wait for it. */
    private void write() throws IOException, InterruptedException {
        int length = (int) request.length;
        boolean quick = Writes.isQuick(request);
        if (quick && length <= in.capacity()) {
            writeAtOnce(length);
            return;
        }
        flush();
        if (quick || length > Buffers.LARGEST) {
            if (writes.inPieces(request, this::receive)) {
                replies.success(collect(Replies.SHORT), request);
            }
        } else {
            writes.later(request, this::receive);
        }
    }

    /** Writes from the buffer of requests. */
    private void writeAtOnce(int length) throws IOException, InterruptedException {
        if (!fill(length)) {
            throw endsInPayload();
        }
        ByteBuffer data = in.slice(in.position(), length);
        in.position(in.position() + length);
        long offset = request.offset;
        if (waiting.changeNow(request, () -> volume.write(offset, data))) {
            replies.success(collect(Replies.SHORT), request);
        }
    }

    /** Fills a buffer with the payload of a write. */
    private void receive(ByteBuffer into) throws IOException {
        int count = Math.min(in.remaining(), into.remaining());
        into.put(into.position(), in, in.position(), count);
        into.position(into.position() + count);
        in.position(in.position() + count);
        while (into.hasRemaining()) {
            flush();
            if (channel.read(into) < 0) {
                throw endsInPayload();
            }
        }
    }

    private static ProtocolException endsInPayload() {
        return new ProtocolException("the stream ends behind a request");
    }

    private void skipPayload(long length) throws IOException {
        long left = length;
        while (left > 0) {
            if (!in.hasRemaining() && !fill(1)) {
                throw endsInPayload();
            }
            int skipped = (int) Math.min(left, in.remaining());
            in.position(in.position() + skipped);
            left -= skipped;
        }
    }
}
