package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Reads options and writes replies to them, as the negotiation frames them. Used by one thread. */
final class Wire {
    private static final int REPLY_HEADER = 20;

    /** The JDK keeps a native buffer of the longest read for each thread. */
    private static final int LONGEST_READ = 4 << 10;

    private final ByteChannel channel;

    Wire(ByteChannel channel) {
        this.channel = channel;
    }

    ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.position() < length) {
            buffer.limit(Math.min(length, buffer.position() + LONGEST_READ));
            if (channel.read(buffer) < 0) {
                throw new EOFException("the client went away while it negotiated");
            }
        }
        return buffer.flip();
    }

    void skip(int length) throws IOException {
        for (int left = length; left > 0; ) {
            left -= read(Math.min(left, LONGEST_READ)).limit();
        }
    }

    /** {@code filled} is written from its start to its position. */
    void write(ByteBuffer filled) throws IOException {
        filled.flip();
        while (filled.hasRemaining()) {
            channel.write(filled);
        }
    }

    /** A reply without data. */
    void acknowledge(int option) throws IOException {
        reply(option, Nbd.REP_ACK, ByteBuffer.allocate(0));
    }

    void refuse(int option, int error, String message) throws IOException {
        byte[] bytes = Text.message(message);
        reply(option, error, ByteBuffer.allocate(bytes.length).put(bytes));
    }

    /** A piece of information: its kind, and a text. */
    void inform(int option, int kind, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        reply(
                option,
                Nbd.REP_INFO,
                ByteBuffer.allocate(Short.BYTES + bytes.length).putShort((short) kind).put(bytes));
    }

    /** A metadata context: its number, and its name. */
    void describe(int option, int id, String context) throws IOException {
        byte[] bytes = context.getBytes(UTF_8);
        reply(
                option,
                Nbd.REP_META_CONTEXT,
                ByteBuffer.allocate(Integer.BYTES + bytes.length).putInt(id).put(bytes));
    }

    /** {@code data} is written from its start to its position. */
    void reply(int option, int type, ByteBuffer data) throws IOException {
        data.flip();
        write(
                ByteBuffer.allocate(REPLY_HEADER + data.remaining())
                        .putLong(Nbd.OPTION_REPLY_MAGIC)
                        .putInt(option)
                        .putInt(type)
                        .putInt(data.remaining())
                        .put(data));
    }

    /** A string with its length before it; null if it does not fit, or is not a string. */
    static @Nullable String string(ByteBuffer data) {
        if (data.remaining() < Integer.BYTES) {
            return null;
        }
        int length = data.getInt();
        if (length < 0 || length > data.remaining()) {
            return null;
        }
        String text = Text.name(data.slice(data.position(), length));
        data.position(data.position() + length);
        return text;
    }
}
