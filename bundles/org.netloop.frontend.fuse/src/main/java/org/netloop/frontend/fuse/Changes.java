package org.netloop.frontend.fuse;

import org.netloop.api.volume.Volume;

import ru.serce.jnrfuse.ErrorCodes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Requests that change the bytes of a volume, or make them durable. Stateless. */
final class Changes {
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    private Changes() {}

    /** Does what is asked for on a volume; waits until it is done. */
    @FunctionalInterface
    interface Change {
        void on(Volume volume) throws IOException, InterruptedException;
    }

    /** Answer to a request: later, once it is done, or at once with an error. */
    sealed interface Plan {}

    /**
     * Change to carry out.
     *
     * @param written how many bytes it says were written; -1 if it says nothing
     */
    record Later(Change change, int written) implements Plan {
        MemorySegment run(Volume volume, long unique, Reply reply)
                throws IOException, InterruptedException {
            change.on(volume);
            return written < 0 ? reply.of(unique, 0) : reply.ofWritten(unique, written);
        }
    }

    /**
     * Refusal of a request.
     *
     * @param errno positive
     */
    record Refused(int errno) implements Plan {}

    /** Returns the plan for a request; copies what it needs from the request's buffer. */
    static Plan of(Request request, Volume volume) {
        if (request.opcode() == Request.FSYNC) {
            return new Later(Volume::flush, -1);
        }
        if (!volume.isWritable()) {
            return new Refused(ErrorCodes.EROFS());
        }
        long offset = request.offset();
        if (offset < 0 || offset > volume.size()) {
            return new Refused(ErrorCodes.EFBIG());
        }
        return request.opcode() == Request.WRITE
                ? write(request, offset, volume.size())
                : allocate(request, offset, volume.size());
    }

    /**
     * Plans a write like a device's: bytes that do not fit are not written, and the writer is told.
     */
    private static Plan write(Request request, long offset, long size) {
        int count = (int) Math.min(request.size(), size - offset);
        if (count == 0 && request.size() > 0) {
            return new Refused(ErrorCodes.ENOSPC());
        }
        ByteBuffer data = request.data(count);
        return new Later(volume -> volume.write(offset, data), count);
    }

    private static Plan allocate(Request request, long offset, long size) {
        long length = request.length();
        int mode = request.mode();
        if (length < 0 || length > size - offset) {
            return new Refused(ErrorCodes.ENOSPC());
        }
        return switch (mode) {
            case PUNCH_HOLE | KEEP_SIZE ->
                    new Later(volume -> volume.zero(offset, length, false), -1);
            case ZERO_RANGE, ZERO_RANGE | KEEP_SIZE ->
                    new Later(volume -> volume.zero(offset, length, true), -1);
            default -> new Refused(ErrorCodes.EOPNOTSUPP());
        };
    }
}
