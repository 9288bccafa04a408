package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;
import org.netloop.frontend.nbd.Buffers.Buffer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Requests of one connection that change the volume. Used by one thread. */
final class Writes {
    /** Length in bytes of an aligned unit, for whose complete write no volume reads anything. */
    private static final int UNIT = 4096;

    /** Length in bytes of the buffer of a write that gets none from the common memory. */
    private static final int SPARE = 64 << 10;

    private final Volume volume;
    private final Memory.Share share;
    private final WaitingReads waiting;

    Writes(Volume volume, Memory.Share share, WaitingReads waiting) {
        this.volume = volume;
        this.share = share;
        this.waiting = waiting;
    }

    /** The bytes of a write, which follow its request. */
    @FunctionalInterface
    interface Payload {
        /** Fills a buffer with the next of them. */
        void read(ByteBuffer into) throws IOException;
    }

    /**
     * Returns whether a write can be done at once, while no other request is served: nothing has to
     * be read for it.
     */
    static boolean isQuick(Request request) {
        return !request.has(Nbd.CMD_FLAG_FUA)
                && ((request.offset | request.length) & UNIT - 1) == 0;
    }

    /** Hands over a trim, a write of zeros or a flush, which answers by itself. */
    void change(Request request) throws InterruptedException {
        long offset = request.offset;
        long length = request.length;
        boolean keepRoom = request.has(Nbd.CMD_FLAG_NO_HOLE);
        waiting.change(
                request.ticket(),
                request.has(Nbd.CMD_FLAG_FUA),
                switch (request.type) {
                    case Nbd.CMD_TRIM -> () -> volume.trim(offset, length);
                    case Nbd.CMD_FLUSH -> volume::flush;
                    default -> () -> volume.zero(offset, length, keepRoom);
                });
    }

    /** Hands over a write with its bytes, at most {@link Buffers#LARGEST}; it answers by itself. */
    void later(Request request, Payload payload) throws IOException, InterruptedException {
        ByteBuffer data = ByteBuffer.allocate((int) request.length);
        payload.read(data);
        long offset = request.offset;
        waiting.change(
                request.ticket(),
                request.has(Nbd.CMD_FLAG_FUA),
                () -> volume.write(offset, data.flip()));
    }

    /**
     * Writes one buffer after the other. A client is told of a failure only when it has sent all,
     * as it takes no answer before.
     *
     * @return whether it is done, and has to be answered
     */
    boolean inPieces(Request request, Payload payload) throws IOException, InterruptedException {
        long end = request.offset + request.length;
        Buffer piece = share.take((int) Math.min(request.length, Buffers.LARGEST));
        VolumeException failure = null;
        try {
            int most = piece == null ? SPARE : Buffers.LARGEST;
            ByteBuffer bytes = piece == null ? ByteBuffer.allocate(most) : piece.bytes();
            for (long at = request.offset; at < end; ) {
                int count = WaitingReads.pieceLength(at, end, most);
                payload.read(bytes.clear().limit(count));
                failure = failure == null ? write(at, bytes.flip()) : failure;
                at += count;
            }
        } finally {
            if (piece != null) {
                share.give(piece);
            }
        }
        VolumeException told = failure;
        boolean durable = request.has(Nbd.CMD_FLAG_FUA);
        if (durable || told != null) {
            waiting.change(
                    request.ticket(),
                    durable,
                    () -> {
                        if (told != null) {
                            throw told;
                        }
                    });
        }
        return !durable && told == null;
    }

    private @Nullable VolumeException write(long at, ByteBuffer bytes) throws InterruptedException {
        try {
            volume.write(at, bytes);
            return null;
        } catch (VolumeException e) {
            return e;
        } catch (RuntimeException e) {
            return new VolumeException.Io("a write at " + at + " failed: " + e, e);
        }
    }
}
