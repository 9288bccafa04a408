package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;
import org.netloop.frontend.nbd.Handshake.Session;

import java.util.Set;

/** Decides what a request is refused for before anything is done for it. */
final class Commands {
    /** The longest range that a request without extended headers could have, in bytes. */
    private static final long LONGEST_WRITTEN_ZEROS = 0xffff_ffffL;

    private Commands() {}

    /** Reason why a request is not served. */
    record Refusal(int error, String message) {}

    /** The flags that the protocol documents for a command; -1 if the command is not known. */
    private static int flags(int type, Session session) {
        boolean extended = session.framing() == Framing.EXTENDED;
        return switch (type) {
            case Nbd.CMD_READ -> session.framing().hasParts() ? Nbd.CMD_FLAG_DF : 0;
            case Nbd.CMD_WRITE -> Nbd.CMD_FLAG_FUA | (extended ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0);
            case Nbd.CMD_TRIM -> Nbd.CMD_FLAG_FUA;
            case Nbd.CMD_WRITE_ZEROES ->
                    Nbd.CMD_FLAG_FUA
                            | Nbd.CMD_FLAG_NO_HOLE
                            | (isWritable(session) ? Nbd.CMD_FLAG_FAST_ZERO : 0);
            case Nbd.CMD_BLOCK_STATUS ->
                    Nbd.CMD_FLAG_REQ_ONE | (extended ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0);
            case Nbd.CMD_FLUSH, Nbd.CMD_CACHE -> 0;
            default -> -1;
        };
    }

    private static boolean isWritable(Session session) {
        return session.export().volume().isWritable();
    }

    /**
     * Null if the request is in order.
     *
     * @param contexts those that it asks about, if it asks for the state of blocks
     */
    static @Nullable Refusal refusal(Request request, Session session, Set<MetaContext> contexts) {
        int known = flags(request.type, session);
        if (known < 0) {
            return invalid("request " + request.type + " is unknown");
        }
        // Clients set it on other commands too, and whoever offers it has to take it there.
        int unknown = request.flags & ~(isWritable(session) ? known | Nbd.CMD_FLAG_FUA : known);
        if (unknown != 0) {
            return invalid(
                    "flags 0x"
                            + Integer.toHexString(unknown)
                            + " are unknown, or do not apply to request "
                            + request.type);
        }
        long size = session.export().volume().size();
        return switch (request.type) {
            case Nbd.CMD_READ -> read(request, size, session.framing().hasParts());
            case Nbd.CMD_BLOCK_STATUS ->
                    contexts.isEmpty()
                            ? invalid("it names no context that was negotiated, or one twice")
                            : range(request, size, 1);
            case Nbd.CMD_CACHE -> cache(request, size);
            case Nbd.CMD_FLUSH ->
                    request.offset == 0 && request.length == 0
                            ? null
                            : invalid("a flush has neither offset nor length");
            default -> change(request, session);
        };
    }

    private static @Nullable Refusal change(Request request, Session session) {
        long size = session.export().volume().size();
        if (!isWritable(session)) {
            return new Refusal(Nbd.EPERM, "the export is read-only");
        }
        if (request.type == Nbd.CMD_WRITE && request.payload != request.length) {
            return invalid("a write without its bytes");
        }
        if (!request.isWithin(size)) {
            return new Refusal(
                    request.type == Nbd.CMD_TRIM ? Nbd.EINVAL : Nbd.ENOSPC,
                    "the range is not within the export of " + size + " bytes");
        }
        if (request.type != Nbd.CMD_WRITE_ZEROES || !request.has(Nbd.CMD_FLAG_NO_HOLE)) {
            return null;
        }
        if (request.has(Nbd.CMD_FLAG_FAST_ZERO)) {
            return new Refusal(
                    Nbd.ENOTSUP, "zeros that keep their room are written, which takes time");
        }
        return request.length <= LONGEST_WRITTEN_ZEROS
                ? null
                : new Refusal(
                        Nbd.EOVERFLOW,
                        "at most "
                                + LONGEST_WRITTEN_ZEROS
                                + " zeros that keep their room are written at once");
    }

    private static @Nullable Refusal read(Request request, long size, boolean structured) {
        Refusal outside = range(request, size, 1);
        if (outside != null || request.length <= Nbd.MAX_REQUEST) {
            return outside;
        }
        String message = "a read has at most " + Nbd.MAX_REQUEST + " bytes";
        return new Refusal(structured ? Nbd.EOVERFLOW : Nbd.EINVAL, message);
    }

    private static @Nullable Refusal cache(Request request, long size) {
        Refusal outside = range(request, size, 0);
        return outside != null || request.length <= Nbd.MAX_REQUEST
                ? outside
                : new Refusal(
                        Nbd.EOVERFLOW, "at most " + Nbd.MAX_REQUEST + " bytes are cached at once");
    }

    private static @Nullable Refusal range(Request request, long size, int least) {
        return request.length >= least && request.isWithin(size)
                ? null
                : invalid("the range is empty or not within the export of " + size + " bytes");
    }

    private static Refusal invalid(String message) {
        return new Refusal(Nbd.EINVAL, message);
    }
}
