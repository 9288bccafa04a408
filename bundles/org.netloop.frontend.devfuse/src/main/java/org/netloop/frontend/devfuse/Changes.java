package org.netloop.frontend.devfuse;

import org.netloop.api.volume.Volume;

import java.io.IOException;

/** Requests that change the bytes of a volume, or make them durable. Stateless. */
final class Changes {
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    private Changes() {}

    /** Returns the error number for a request that cannot be carried out; 0 if it can be. */
    static int refusal(Request request, Volume volume) {
        if (request.opcode() == Request.FSYNC) {
            return 0;
        }
        if (!volume.isWritable()) {
            return Errno.EROFS;
        }
        long offset = request.offset();
        if (offset < 0 || offset > volume.size()) {
            return Errno.EFBIG;
        }
        if (request.opcode() == Request.WRITE) {
            return request.size() > 0 && offset == volume.size() ? Errno.ENOSPC : 0;
        }
        long length = request.number(16);
        if (length < 0 || length > volume.size() - offset) {
            return Errno.ENOSPC;
        }
        return switch (request.word(24)) {
            case PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE, ZERO_RANGE | KEEP_SIZE -> 0;
            default -> Errno.EOPNOTSUPP;
        };
    }

    /**
     * Carries out a request that is not refused, and waits until it is done.
     *
     * @return the bytes written: like a device, as many as fit; 0 for what writes none
     */
    static int run(Request request, Volume volume) throws IOException, InterruptedException {
        long offset = request.offset();
        switch (request.opcode()) {
            case Request.FSYNC -> volume.flush();
            case Request.WRITE -> {
                int count = (int) Math.min(request.size(), volume.size() - offset);
                volume.write(offset, request.data(count).asByteBuffer());
                return count;
            }
            default ->
                    volume.zero(offset, request.number(16), (request.word(24) & ZERO_RANGE) != 0);
        }
        return 0;
    }
}
