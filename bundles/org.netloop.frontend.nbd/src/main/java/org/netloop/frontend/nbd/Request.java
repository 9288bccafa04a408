package org.netloop.frontend.nbd;

import java.nio.ByteBuffer;

/** A request of the transmission phase. One object a connection is filled again and again. */
final class Request {
    int flags;
    int type;
    long cookie;
    long offset;

    /** Unsigned in the protocol. */
    long length;

    /** Takes a request of {@link Nbd#REQUEST_LENGTH} bytes. */
    void read(ByteBuffer in) throws ProtocolException {
        int magic = in.getInt();
        if (magic != Nbd.REQUEST_MAGIC) {
            throw new ProtocolException("a request with the magic " + Integer.toHexString(magic));
        }
        flags = Short.toUnsignedInt(in.getShort());
        type = Short.toUnsignedInt(in.getShort());
        cookie = in.getLong();
        offset = in.getLong();
        length = Integer.toUnsignedLong(in.getInt());
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isWithin(long size) {
        return offset >= 0 && offset <= size && length <= size - offset;
    }
}
