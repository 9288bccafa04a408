package org.netloop.frontend.nbd;

import java.nio.ByteBuffer;

/** A request of the transmission phase. One object a connection is filled again and again. */
final class Request implements Ticket {
    int flags;
    int type;
    long cookie;
    long offset;

    /** Length in bytes of what it is about; negative where it has more than 63 bits. */
    long length;

    /** Number of bytes that follow it. */
    long payload;

    /** Takes a request of {@link Framing#requestLength} bytes. */
    void read(ByteBuffer in, Framing framing) throws ProtocolException {
        boolean extended = framing == Framing.EXTENDED;
        int magic = in.getInt();
        if (magic != (extended ? Nbd.EXTENDED_REQUEST_MAGIC : Nbd.REQUEST_MAGIC)) {
            throw new ProtocolException("a request with the magic " + Integer.toHexString(magic));
        }
        flags = Short.toUnsignedInt(in.getShort());
        type = Short.toUnsignedInt(in.getShort());
        cookie = in.getLong();
        offset = in.getLong();
        length = extended ? in.getLong() : Integer.toUnsignedLong(in.getInt());
        boolean followed = extended ? has(Nbd.CMD_FLAG_PAYLOAD_LEN) : type == Nbd.CMD_WRITE;
        payload = followed ? length : 0;
        if (payload < 0 || payload > Nbd.MAX_REQUEST) {
            throw new ProtocolException(
                    "a request with " + Long.toUnsignedString(payload) + " bytes behind it");
        }
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isWithin(long size) {
        return offset >= 0 && offset <= size && length >= 0 && length <= size - offset;
    }

    @Override
    public long cookie() {
        return cookie;
    }

    @Override
    public long offset() {
        return offset;
    }

    /** Returns what its replies repeat, for one that is answered after the next was read. */
    Ticket ticket() {
        return new Kept(cookie, offset);
    }
}
