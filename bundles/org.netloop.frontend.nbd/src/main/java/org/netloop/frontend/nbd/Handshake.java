package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.function.Function;

/** The fixed newstyle negotiation of one connection. Used by one thread. */
final class Handshake {
    private static final int MAX_OPTION = 64 << 10;
    private static final int MAX_OPTIONS = 256;
    private static final int ZEROES = 124;
    private static final int OPTION_HEADER = 16;

    private final Wire wire;
    private final Exports exports;
    private final Function<Export, Entry> enter;
    private boolean noZeroes;
    private boolean structured;

    /** The export a client set the context {@code base:allocation} for; null if it did not. */
    private @Nullable Export allocationOf;

    /** What was negotiated: how to serve which export. */
    record Session(Export export, boolean structured, boolean allocation) {}

    /** What becomes of a client that chose an export. */
    enum Entry {
        /** It is served. */
        ENTERED,
        /** There is no seat for it. */
        FULL,
        /** The export went meanwhile. */
        GONE
    }

    /** The exports of a server, as a client may see them. */
    interface Exports {
        /** The export of that name, the default one for the empty name; null if there is none. */
        @Nullable Export find(String name);

        /** All of them; none if the server ends. */
        List<Export> all();
    }

    /**
     * @param enter is asked once a client has chosen
     */
    Handshake(ByteChannel channel, Exports exports, Function<Export, Entry> enter) {
        this.wire = new Wire(channel);
        this.exports = exports;
        this.enter = enter;
    }

    /** Negotiates; null if the client went away as it may. */
    @Nullable Session negotiate() throws IOException {
        wire.write(
                ByteBuffer.allocate(18)
                        .putLong(Nbd.MAGIC)
                        .putLong(Nbd.OPTION_MAGIC)
                        .putShort(
                                (short) (Nbd.HANDSHAKE_FIXED_NEWSTYLE | Nbd.HANDSHAKE_NO_ZEROES)));
        int flags = wire.read(Integer.BYTES).getInt();
        if ((flags & ~(Nbd.HANDSHAKE_FIXED_NEWSTYLE | Nbd.HANDSHAKE_NO_ZEROES)) != 0) {
            throw new ProtocolException("unknown handshake flags " + Integer.toHexString(flags));
        }
        noZeroes = (flags & Nbd.HANDSHAKE_NO_ZEROES) != 0;
        for (int count = 0; count < MAX_OPTIONS; count++) {
            ByteBuffer head = wire.read(OPTION_HEADER);
            if (head.getLong() != Nbd.OPTION_MAGIC) {
                throw new ProtocolException("an option without its magic");
            }
            int option = head.getInt();
            int length = head.getInt();
            if (option == Nbd.OPT_ABORT) {
                wire.skip(Math.clamp(length, 0, MAX_OPTION));
                wire.acknowledge(option);
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
            wire.skip(length);
            wire.refuse(
                    option, Nbd.REP_ERR_TOO_BIG, "options have at most " + MAX_OPTION + " bytes");
            return null;
        }
        ByteBuffer data = wire.read(length);
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
            default ->
                    wire.refuse(
                            option,
                            Nbd.REP_ERR_UNSUP,
                            "option " + Integer.toUnsignedLong(option) + " is not supported");
        }
        return null;
    }

    /** This option has no reply for an error: the client is disconnected. */
    private Session exportName(ByteBuffer data) throws IOException {
        String name = Text.name(data);
        if (name == null) {
            throw new ProtocolException(
                    "the name of an export that is not UTF-8 of at most "
                            + Nbd.MAX_STRING
                            + " bytes without zeros");
        }
        Export export = exports.find(name);
        Entry entry = export == null ? Entry.GONE : enter.apply(export);
        if (export == null || entry != Entry.ENTERED) {
            throw new ProtocolException(entry == Entry.FULL ? full() : unknown(name));
        }
        ByteBuffer answer =
                ByteBuffer.allocate(Long.BYTES + Short.BYTES + ZEROES)
                        .putLong(export.volume().size())
                        .putShort((short) Export.flags(structured));
        if (!noZeroes) {
            answer.position(answer.capacity());
        }
        wire.write(answer);
        return session(export);
    }

    private Session session(Export export) {
        return new Session(export, structured, structured && allocationOf == export);
    }

    private static String full() {
        return "all seats for clients are taken; try again later, or let the server have more"
                + " (connections)";
    }

    private String unknown(String name) {
        if (!name.isEmpty()) {
            return "there is no export '" + name + "'";
        }
        return exports.all().isEmpty()
                ? "nothing is exported here any more"
                : "the default export is not there yet; name one of those that are listed";
    }

    private void refuseUnknown(int option, String name) throws IOException {
        int error = exports.all().isEmpty() ? Nbd.REP_ERR_SHUTDOWN : Nbd.REP_ERR_UNKNOWN;
        wire.refuse(option, error, unknown(name));
    }

    private @Nullable Session info(int option, ByteBuffer data) throws IOException {
        String name = Wire.string(data);
        if (name == null || data.remaining() < Short.BYTES) {
            wire.refuse(option, Nbd.REP_ERR_INVALID, "malformed");
            return null;
        }
        int count = Short.toUnsignedInt(data.getShort());
        if (data.remaining() != count * Short.BYTES) {
            wire.refuse(option, Nbd.REP_ERR_INVALID, "malformed");
            return null;
        }
        Export export = exports.find(name);
        if (export == null) {
            refuseUnknown(option, name);
            return null;
        }
        if (option == Nbd.OPT_GO) {
            Entry entry = enter.apply(export);
            if (entry == Entry.FULL) {
                wire.refuse(option, Nbd.REP_ERR_POLICY, full());
                return null;
            }
            if (entry == Entry.GONE) {
                refuseUnknown(option, name);
                return null;
            }
        }
        sendInfo(option, export, data);
        wire.acknowledge(option);
        return option == Nbd.OPT_GO ? session(export) : null;
    }

    private void sendInfo(int option, Export export, ByteBuffer wanted) throws IOException {
        wire.reply(
                option,
                Nbd.REP_INFO,
                ByteBuffer.allocate(12)
                        .putShort((short) Nbd.INFO_EXPORT)
                        .putLong(export.volume().size())
                        .putShort((short) Export.flags(structured)));
        wire.reply(
                option,
                Nbd.REP_INFO,
                ByteBuffer.allocate(14)
                        .putShort((short) Nbd.INFO_BLOCK_SIZE)
                        .putInt(1)
                        .putInt(export.preferredLength())
                        .putInt(Nbd.MAX_REQUEST));
        // Unknown kinds of information are passed over, as the protocol asks.
        boolean name = false;
        boolean description = false;
        while (wanted.hasRemaining()) {
            int kind = wanted.getShort();
            name |= kind == Nbd.INFO_NAME;
            description |= kind == Nbd.INFO_DESCRIPTION;
        }
        if (name) {
            wire.inform(option, Nbd.INFO_NAME, export.name());
        }
        if (description) {
            wire.inform(option, Nbd.INFO_DESCRIPTION, "image " + export.volume().identity());
        }
    }

    private void list(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            wire.refuse(Nbd.OPT_LIST, Nbd.REP_ERR_INVALID, "malformed");
            return;
        }
        for (Export export : exports.all()) {
            byte[] name = export.name().getBytes(UTF_8);
            wire.reply(
                    Nbd.OPT_LIST,
                    Nbd.REP_SERVER,
                    ByteBuffer.allocate(Integer.BYTES + name.length).putInt(name.length).put(name));
        }
        wire.acknowledge(Nbd.OPT_LIST);
    }

    private void structuredReply(ByteBuffer data) throws IOException {
        if (data.hasRemaining()) {
            wire.refuse(Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ERR_INVALID, "malformed");
            return;
        }
        structured = true;
        wire.acknowledge(Nbd.OPT_STRUCTURED_REPLY);
    }

    private void metaContext(int option, ByteBuffer data) throws IOException {
        boolean set = option == Nbd.OPT_SET_META_CONTEXT;
        if (set) {
            allocationOf = null;
        }
        String name = Wire.string(data);
        Boolean asked = name == null ? null : asksForAllocation(data, set);
        if (name == null || asked == null) {
            wire.refuse(option, Nbd.REP_ERR_INVALID, "malformed");
            return;
        }
        if (!structured) {
            wire.refuse(option, Nbd.REP_ERR_INVALID, "structured replies come first");
            return;
        }
        Export export = exports.find(name);
        if (export == null) {
            refuseUnknown(option, name);
            return;
        }
        if (asked) {
            byte[] context = Nbd.BASE_ALLOCATION.getBytes(UTF_8);
            wire.reply(
                    option,
                    Nbd.REP_META_CONTEXT,
                    ByteBuffer.allocate(Integer.BYTES + context.length)
                            .putInt(set ? Nbd.ALLOCATION_CONTEXT : 0)
                            .put(context));
            allocationOf = set ? export : allocationOf;
        }
        wire.acknowledge(option);
    }

    /** Whether one of the queries is for it; null if they are malformed. */
    private static @Nullable Boolean asksForAllocation(ByteBuffer data, boolean set) {
        if (data.remaining() < Integer.BYTES) {
            return null;
        }
        long count = Integer.toUnsignedLong(data.getInt());
        boolean asked = count == 0 && !set;
        for (long i = 0; i < count; i++) {
            String query = Wire.string(data);
            if (query == null) {
                return null;
            }
            asked |= query.equals(Nbd.BASE_ALLOCATION) || !set && query.equals(Nbd.BASE);
        }
        return data.hasRemaining() ? null : asked;
    }
}
