package org.netloop.frontend.nbd;

import org.netloop.api.message.Failures;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;
import org.netloop.frontend.nbd.Buffers.Buffer;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads that are answered in one piece. Their head promises success before all bytes are there
 * where those are more than one buffer holds; therefore they are brought into memory first, while
 * an error can still be told. Thread-safe.
 */
final class WholeReads {
    private static final int ZEROS = 8 << 10;

    private final Volume volume;
    private final Replies replies;
    private final Memory.Share share;
    private final int ownLength;
    private final Lane lane;

    WholeReads(Volume volume, Replies replies, Memory.Share share, int ownLength, Lane lane) {
        this.volume = volume;
        this.replies = replies;
        this.share = share;
        this.ownLength = ownLength;
        this.lane = lane;
    }

    void answer(Ticket ticket, long offset, int length) throws IOException, InterruptedException {
        if (length > Buffers.LARGEST || !answerAtOnce(ticket, offset, length)) {
            prepare(offset, offset + length);
            answerInTurn(ticket, offset, length);
        }
    }

    /** False if there is no buffer for it. */
    private boolean answerAtOnce(Ticket ticket, long offset, int length)
            throws IOException, InterruptedException {
        Buffer piece = share.take(length);
        if (piece == null) {
            return false;
        }
        try {
            ByteBuffer out = piece.bytes();
            replies.dataHead(out, ticket, offset, length, true);
            volume.read(offset, out.limit(out.position() + length));
            lane.send(out.flip());
            return true;
        } finally {
            share.give(piece);
        }
    }

    /** Brings a range into the caches, as far as there is a buffer to do that with. */
    void prepare(long offset, long end) throws VolumeException, InterruptedException {
        int most = (int) Math.min(Buffers.LARGEST, end - offset);
        Buffer scratch = share.take(most);
        if (scratch == null) {
            return;
        }
        try {
            for (long at = offset; at < end; ) {
                int count = WaitingReads.pieceLength(at, end, Buffers.LARGEST);
                volume.read(at, scratch.bytes().clear().limit(count));
                at += count;
            }
        } finally {
            share.give(scratch);
        }
    }

    /** One buffer after the other; nothing else can be sent meanwhile. */
    private void answerInTurn(Ticket ticket, long offset, int length)
            throws IOException, InterruptedException {
        lane.lock();
        boolean begun = false;
        boolean whole = false;
        try {
            ByteBuffer own = lane.own().clear();
            // Only what follows the last part says that all went well.
            replies.dataHead(own, ticket, offset, length, false);
            long end = offset + length;
            for (long at = offset; at < end; ) {
                int count = WaitingReads.pieceLength(at, end, ownLength);
                try {
                    volume.read(at, own.limit(own.position() + count));
                } catch (VolumeException e) {
                    if (!begun || !replies.structured()) {
                        throw e;
                    }
                    fillUp(ticket, end - at, e);
                    whole = true;
                    return;
                }
                begun = true;
                lane.write(own.flip());
                own.clear();
                at += count;
            }
            if (replies.structured()) {
                replies.success(own, ticket);
                lane.write(own.flip());
            }
            whole = true;
        } finally {
            if (begun && !whole) {
                // A simple reply that promised success has no other way to say that it failed.
                lane.breakOff();
            }
            lane.unlock();
        }
    }

    /** The part that was begun is filled up with zeros, and the error follows. */
    private void fillUp(Ticket ticket, long missing, VolumeException why) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
        for (long left = missing; left > 0; left -= zeros.limit()) {
            lane.write(zeros.clear().limit((int) Math.min(ZEROS, left)));
        }
        lane.write(replies.error(ticket, Errors.number(why), Failures.sentence(why)));
    }
}
