package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;

/** The fixed newstyle negotiation of one connection. Used by one thread. */
final class Handshake {
    private static final int MAX_OPTION = 64 << 10;
    private static final int MAX_OPTIONS = 256;
    private static final int ZEROES = 124;
    private static final int OPTION_HEADER = 16;

    private final ByteChannel channel;
    private final Exports exports;
    private boolean noZeroes;
    private boolean structured;

    /** The export a client set the context {@code base:allocation} for; null if it did not. */
    private @Nullable Export allocationOf;

    /** What was negotiated: how to serve which export. */
    record Session(Export export, boolean structured, boolean allocation) {}

    /** The exports of a server, as a client may see them. */
    interface Exports {
        /** The export of that name, the default one for the empty name; null if there is none. */
        @Nullable Export find(String name);

        /** All of them. */
        List<Export> all();
    }

    Handshake(ByteChannel channel, Exports exports) {
        this.channel = channel;
        this.exports = exports;
    }

    /** Negotiates; null if the client went away as it may. */
    @Nullable Session negotiate() throws IOException {
        write(
                ByteBuffer.allocate(18)
                        .putLong(Nbd.MAGIC)
                        .putLong(Nbd.OPTION_MAGIC)
                        .putShort(
                                (short) (Nbd.HANDSHAKE_FIXED_NEWSTYLE | Nbd.HANDSHAKE_NO_ZEROES)));
        int flags = read(Integer.BYTES).getInt();
        if ((flags & ~(Nbd.HANDSHAKE_FIXED_NEWSTYLE | Nbd.HANDSHAKE_NO_ZEROES)) != 0) {
            throw new ProtocolException("unknown handshake flags " + Integer.toHexString(flags));
        }
        noZeroes = (flags & Nbd.HANDSHAKE_NO_ZEROES) != 0;
        for (int count = 0; count < MAX_OPTIONS; count++) {
            ByteBuffer head = read(OPTION_HEADER);
            if (head.getLong() != Nbd.OPTION_MAGIC) {
                throw new ProtocolException("an option without its magic");
            }
            int option = head.getInt();
            int length = head.getInt();
            if (option == Nbd.OPT_ABORT) {
                reply(option, Nbd.REP_ACK, "");
                return null;
            }
            Session session = option(option, length);
            if (session != null) {
                return session;
            }
        }
        throw new ProtocolException("more than " + MAX_OPTIONS + " options");
    }

    private @Nullable Session option(int option, int length) throws IOException {
        if (length < 0 || length > MAX_OPTION) {
            if (option == Nbd.OPT_EXPORT_NAME || length < 0 || length > Nbd.MAX_REQUEST) {
                throw new ProtocolException(
                        "option " + option + " of " + Integer.toUnsignedLong(length) + " bytes");
            }
            skip(length);
            reply(option, Nbd.REP_ERR_TOO_BIG, "options have at most " + MAX_OPTION + " bytes");
            return null;
        }
        ByteBuffer data = read(length);
        switch (option) {
            case Nbd.OPT_EXPORT_NAME -> {
                return exportName(data);
            }
            case Nbd.OPT_INFO, Nbd.OPT_GO -> {
                return info(option, data);
            }
            case Nbd.OPT_LIST -> list(data);
            case Nbd.OPT_STRUCTURED_REPLY -> structuredReply(data);
            case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> metaContext(option, data);
            default -> reply(option, Nbd.REP_ERR_UNSUP, "option " + option + " is not supported");
        }
        return null;
    }

    private Session exportName(ByteBuffer data) throws IOException {
        String name = UTF_8.decode(data).toString();
        Export export = exports.find(name);
        if (export == null) {
            throw new ProtocolException("there is no export '" + name + "'");
        }
        ByteBuffer answer =
                ByteBuffer.allocate(Long.BYTES + Short.BYTES + ZEROES)
                        .putLong(export.volume().size())
                        .putShort((short) Export.flags(structured));
        if (!noZeroes) {
            answer.position(answer.capacity());
        }
        write(answer);
        return session(export);
    }

    private Session session(Export export) {
        return new Session(export, structured, structured && allocationOf == export);
    }

    private @Nullable Session info(int option, ByteBuffer data) throws IOException {
        String name = string(data);
        if (name == null || data.remaining() < Short.BYTES) {
            reply(option, Nbd.REP_ERR_INVALID, "malformed");
            return null;
        }
        int count = Short.toUnsignedInt(data.getShort());
        if (data.remaining() != count * Short.BYTES) {
            reply(option, Nbd.REP_ERR_INVALID, "malformed");
            return null;
        }
        Export export = exports.find(name);
        if (export == null) {
            reply(option, Nbd.REP_ERR_UNKNOWN, "there is no export '" + name + "'");
            return null;
        }
        sendInfo(option, export, data);
        reply(option, Nbd.REP_ACK, "");
        return option == Nbd.OPT_GO ? session(export) : null;
    }

    private void sendInfo(int option, Export export, ByteBuffer wanted) throws IOException {
        reply(
                option,
                Nbd.REP_INFO,
                ByteBuffer.allocate(12)
                        .putShort((short) Nbd.INFO_EXPORT)
                        .putLong(export.volume().size())
                        .putShort((short) Export.flags(structured)));
        reply(
                option,
                Nbd.REP_INFO,
                ByteBuffer.allocate(14)
                        .putShort((short) Nbd.INFO_BLOCK_SIZE)
                        .putInt(1)
                        .putInt(export.preferredLength())
                        .putInt(Nbd.MAX_REQUEST));
        while (wanted.hasRemaining()) {
            switch (wanted.getShort()) {
                case Nbd.INFO_NAME -> sendText(option, Nbd.INFO_NAME, export.name());
                case Nbd.INFO_DESCRIPTION ->
                        sendText(
                                option,
                                Nbd.INFO_DESCRIPTION,
                                "image " + export.volume().identity());
                default -> {
                    // Unknown kinds of information are passed over, as the protocol asks.
                }
            }
        }
    }

    private void sendText(int option, int kind, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        reply(
                option,
                Nbd.REP_INFO,
                ByteBuffer.allocate(Short.BYTES + bytes.length).putShort((short) kind).put(bytes));
    }

    private void list(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            reply(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID, "malformed");
            return;
        }
        for (Export export : exports.all()) {
            byte[] name = export.name().getBytes(UTF_8);
            reply(
                    Nbd.OPT_LIST,
                    Nbd.REP_SERVER,
                    ByteBuffer.allocate(Integer.BYTES + name.length).putInt(name.length).put(name));
        }
        reply(Nbd.OPT_LIST, Nbd.REP_ACK, "");
    }

    private void structuredReply(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            reply(Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ERR_INVALID, "malformed");
            return;
        }
        structured = true;
        reply(Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ACK, "");
    }

    private void metaContext(int option, ByteBuffer data) throws IOException {
        boolean set = option == Nbd.OPT_SET_META_CONTEXT;
        if (set) {
            allocationOf = null;
        }
        String name = string(data);
        List<String> queries = name == null ? null : queries(data);
        if (queries == null || set && !structured) {
            reply(
                    option,
                    Nbd.REP_ERR_INVALID,
                    structured ? "malformed" : "structured replies come first");
            return;
        }
        Export export = exports.find(name == null ? "" : name);
        if (export == null) {
            reply(option, Nbd.REP_ERR_UNKNOWN, "there is no export '" + name + "'");
            return;
        }
        boolean wanted =
                queries.contains(Nbd.BASE_ALLOCATION)
                        || !set && (queries.isEmpty() || queries.contains(Nbd.BASE));
        if (wanted) {
            byte[] context = Nbd.BASE_ALLOCATION.getBytes(UTF_8);
            reply(
                    option,
                    Nbd.REP_META_CONTEXT,
                    ByteBuffer.allocate(Integer.BYTES + context.length)
                            .putInt(set ? 1 : 0)
                            .put(context));
            allocationOf = set ? export : allocationOf;
        }
        reply(option, Nbd.REP_ACK, "");
    }

    private static @Nullable List<String> queries(ByteBuffer data) {
        if (data.remaining() < Integer.BYTES) {
            return null;
        }
        int count = data.getInt();
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < count || count < 0; i++) {
            String query = string(data);
            if (query == null) {
                return null;
            }
            queries.add(query);
        }
        return data.hasRemaining() ? null : queries;
    }

    /** A string with its length before it; null if it does not fit. */
    private static @Nullable String string(ByteBuffer data) {
        if (data.remaining() < Integer.BYTES) {
            return null;
        }
        int length = data.getInt();
        if (length < 0 || length > Nbd.MAX_STRING || length > data.remaining()) {
            return null;
        }
        String text = UTF_8.decode(data.slice(data.position(), length)).toString();
        data.position(data.position() + length);
        return text;
    }

    private void reply(int option, int type, String message) throws IOException {
        byte[] bytes = message.getBytes(UTF_8);
        reply(option, type, ByteBuffer.allocate(bytes.length).put(bytes));
    }

    /** {@code data} is written from its start to its position. */
    private void reply(int option, int type, ByteBuffer data) throws IOException {
        data.flip();
        write(
                ByteBuffer.allocate(20 + data.remaining())
                        .putLong(Nbd.OPTION_REPLY_MAGIC)
                        .putInt(option)
                        .putInt(type)
                        .putInt(data.remaining())
                        .put(data));
    }

    private void write(ByteBuffer filled) throws IOException {
        filled.flip();
        while (filled.hasRemaining()) {
            channel.write(filled);
        }
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the client went away while it negotiated");
            }
        }
        return buffer.flip();
    }

    private void skip(int length) throws IOException {
        for (int left = length; left > 0; ) {
            left -= read(Math.min(left, MAX_OPTION)).limit();
        }
    }
}
