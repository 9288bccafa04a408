package org.netloop.frontend.nbd;

import java.nio.ByteBuffer;

/** Writes the heads of replies, with the headers that were negotiated. Immutable. */
record Replies(Framing framing) {
    /** No reply without data is longer, but an error's. */
    static final int SHORT = 64;

    /** Returns whether replies come in parts. */
    boolean structured() {
        return framing.hasParts();
    }

    /** Returns the length in bytes of a reply, or a part of one, that reports a hole. */
    int holeLength() {
        return framing.replyLength() + Long.BYTES + Integer.BYTES;
    }

    /** Returns the length in bytes of the head of a reply with data. */
    int dataHeadLength() {
        return framing.replyLength() + (structured() ? Long.BYTES : 0);
    }

    /** The head of data that follows; a simple reply has one piece only. */
    void dataHead(ByteBuffer out, Ticket ticket, long offset, int length, boolean last) {
        if (structured()) {
            chunk(out, last, Nbd.CHUNK_OFFSET_DATA, ticket, Long.BYTES + length);
            out.putLong(offset);
        } else {
            simple(out, ticket, 0);
        }
    }

    /** A run of zeros; structured replies only. */
    void hole(ByteBuffer out, Ticket ticket, long offset, int length, boolean last) {
        chunk(out, last, Nbd.CHUNK_OFFSET_HOLE, ticket, Long.BYTES + Integer.BYTES);
        out.putLong(offset).putInt(length);
    }

    /** Returns the length in bytes of an extent. */
    int extentLength() {
        return framing == Framing.EXTENDED ? 2 * Long.BYTES : 2 * Integer.BYTES;
    }

    /** An extent of a list. */
    void extent(ByteBuffer out, long length, int state) {
        if (framing == Framing.EXTENDED) {
            out.putLong(length).putLong(state);
        } else {
            out.putInt((int) length).putInt(state);
        }
    }

    /** The head of so many extents that follow. */
    void extentsHead(ByteBuffer out, Ticket ticket, int extents, int context, boolean last) {
        int length = extents * extentLength();
        if (framing == Framing.EXTENDED) {
            chunk(out, last, Nbd.CHUNK_BLOCK_STATUS_EXT, ticket, 2 * Integer.BYTES + length);
            out.putInt(context).putInt(extents);
        } else {
            chunk(out, last, Nbd.CHUNK_BLOCK_STATUS, ticket, Integer.BYTES + length);
            out.putInt(context);
        }
    }

    void success(ByteBuffer out, Ticket ticket) {
        if (structured()) {
            chunk(out, true, Nbd.CHUNK_NONE, ticket, 0);
        } else {
            simple(out, ticket, 0);
        }
    }

    /** A whole reply that says why it failed, where the protocol has room for it. */
    ByteBuffer error(Ticket ticket, int error, String message) {
        if (!structured()) {
            ByteBuffer out = ByteBuffer.allocate(Nbd.SIMPLE_REPLY_LENGTH);
            simple(out, ticket, error);
            return out.flip();
        }
        byte[] text = Text.message(message);
        int length = Integer.BYTES + Short.BYTES + text.length;
        ByteBuffer out = ByteBuffer.allocate(framing.replyLength() + length);
        chunk(out, true, Nbd.CHUNK_ERROR, ticket, length);
        return out.putInt(error).putShort((short) text.length).put(text).flip();
    }

    private static void simple(ByteBuffer out, Ticket ticket, int error) {
        out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(error).putLong(ticket.cookie());
    }

    private void chunk(ByteBuffer out, boolean last, int type, Ticket ticket, int length) {
        boolean extended = framing == Framing.EXTENDED;
        out.putInt(extended ? Nbd.EXTENDED_REPLY_MAGIC : Nbd.CHUNK_MAGIC)
                .putShort((short) (last ? Nbd.CHUNK_FLAG_DONE : 0))
                .putShort((short) type)
                .putLong(ticket.cookie());
        if (extended) {
            out.putLong(ticket.offset()).putLong(length);
        } else {
            out.putInt(length);
        }
    }
}
