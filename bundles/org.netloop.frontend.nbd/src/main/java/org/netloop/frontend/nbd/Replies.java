package org.netloop.frontend.nbd;

import java.nio.ByteBuffer;

/** Writes the heads of replies, simple or structured as it was negotiated. Immutable. */
record Replies(boolean structured) {
    /** No reply without data is longer, but an error's. */
    static final int SHORT = 64;

    /** How long a reply, or a part of one, is that tells a hole. */
    static final int HOLE_LENGTH = Nbd.CHUNK_LENGTH + Long.BYTES + Integer.BYTES;

    /** How long the head of a reply with data is. */
    int dataHeadLength() {
        return structured ? Nbd.CHUNK_LENGTH + Long.BYTES : Nbd.SIMPLE_REPLY_LENGTH;
    }

    /** The head of data that follows; a simple reply has one piece only. */
    void dataHead(ByteBuffer out, long cookie, long offset, int length, boolean last) {
        if (structured) {
            chunk(out, last, Nbd.CHUNK_OFFSET_DATA, cookie, Long.BYTES + length);
            out.putLong(offset);
        } else {
            simple(out, cookie, 0);
        }
    }

    /** A run of zeros; structured replies only. */
    void hole(ByteBuffer out, long cookie, long offset, int length, boolean last) {
        chunk(out, last, Nbd.CHUNK_OFFSET_HOLE, cookie, Long.BYTES + Integer.BYTES);
        out.putLong(offset).putInt(length);
    }

    /** The head of so many extents that follow. */
    void extentsHead(ByteBuffer out, long cookie, int extents, int context) {
        chunk(
                out,
                true,
                Nbd.CHUNK_BLOCK_STATUS,
                cookie,
                Integer.BYTES + extents * 2 * Integer.BYTES);
        out.putInt(context);
    }

    void success(ByteBuffer out, long cookie) {
        if (structured) {
            chunk(out, true, Nbd.CHUNK_NONE, cookie, 0);
        } else {
            simple(out, cookie, 0);
        }
    }

    /** A whole reply that says why it failed, where the protocol has room for it. */
    ByteBuffer error(long cookie, int error, String message) {
        if (!structured) {
            ByteBuffer out = ByteBuffer.allocate(Nbd.SIMPLE_REPLY_LENGTH);
            simple(out, cookie, error);
            return out.flip();
        }
        byte[] text = Text.message(message);
        int length = Integer.BYTES + Short.BYTES + text.length;
        ByteBuffer out = ByteBuffer.allocate(Nbd.CHUNK_LENGTH + length);
        chunk(out, true, Nbd.CHUNK_ERROR, cookie, length);
        return out.putInt(error).putShort((short) text.length).put(text).flip();
    }

    private static void simple(ByteBuffer out, long cookie, int error) {
        out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(error).putLong(cookie);
    }

    private static void chunk(ByteBuffer out, boolean last, int type, long cookie, int length) {
        out.putInt(Nbd.CHUNK_MAGIC)
                .putShort((short) (last ? Nbd.CHUNK_FLAG_DONE : 0))
                .putShort((short) type)
                .putLong(cookie)
                .putInt(length);
    }
}
