package org.netloop.frontend.nbd;

import org.jspecify.annotations.Nullable;

/** Decides what a request is refused for before anything is done for it. */
final class Commands {
    private Commands() {}

    /** Why a request is not served. */
    record Refusal(int error, String message) {}

    /**
     * The flags that the protocol documents for a command; -1 if the command is not known.
     *
     * @param structured whether structured replies were negotiated, without which DF is not offered
     */
    private static int flags(int type, boolean structured) {
        return switch (type) {
            case Nbd.CMD_READ -> structured ? Nbd.CMD_FLAG_DF : 0;
            case Nbd.CMD_WRITE, Nbd.CMD_TRIM -> Nbd.CMD_FLAG_FUA;
            case Nbd.CMD_WRITE_ZEROES -> Nbd.CMD_FLAG_FUA | Nbd.CMD_FLAG_NO_HOLE;
            case Nbd.CMD_BLOCK_STATUS -> Nbd.CMD_FLAG_REQ_ONE;
            case Nbd.CMD_FLUSH, Nbd.CMD_CACHE -> 0;
            default -> -1;
        };
    }

    /** Null if the request is in order. */
    static @Nullable Refusal refusal(
            Request request, long size, boolean structured, boolean allocation) {
        int known = flags(request.type, structured);
        if (known < 0) {
            return invalid("request " + request.type + " is unknown");
        }
        if ((request.flags & ~known) != 0) {
            return invalid(
                    "flags 0x"
                            + Integer.toHexString(request.flags & ~known)
                            + " are unknown, or do not apply to request "
                            + request.type);
        }
        return switch (request.type) {
            case Nbd.CMD_READ -> read(request, size, structured);
            case Nbd.CMD_BLOCK_STATUS ->
                    allocation ? range(request, size, 1) : invalid("no context was negotiated");
            case Nbd.CMD_CACHE -> cache(request, size);
            case Nbd.CMD_FLUSH ->
                    request.offset == 0 && request.length == 0
                            ? null
                            : invalid("a flush has neither offset nor length");
            default -> new Refusal(Nbd.EPERM, "the export is read-only");
        };
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
