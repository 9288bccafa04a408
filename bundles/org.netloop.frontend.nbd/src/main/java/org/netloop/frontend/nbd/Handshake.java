package org.netloop.frontend.nbd;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Set;
import java.util.function.Function;

/** The fixed newstyle negotiation of one connection. Used by one thread. */
final class Handshake {
    private static final int MAX_OPTION = 64 << 10;
    private static final int MAX_OPTIONS = 256;
    private static final int ZEROES = 124;
    private static final int OPTION_HEADER = 16;

    private final Encryption encryption;
    private final Function<Export, Entry> enter;
    private Wire wire;
    private Exports exports;
    private boolean fixedNewstyle;
    private boolean noZeroes;
    private boolean secured;
    private Framing framing = Framing.SIMPLE;

    /** Metadata contexts that a client has selected, and the export it did that for. */
    private Set<MetaContext> contexts = Set.of();

    private @Nullable Export contextsOf;

    /** Result of the negotiation: the export, and how to serve it. */
    record Session(Export export, Framing framing, Set<MetaContext> contexts) {}

    /** Outcome for a client that chose an export. */
    enum Entry {
        /** The client is served. */
        ENTERED,
        /** There is no seat for it. */
        FULL,
        /** The export went meanwhile. */
        GONE
    }

    /**
     * @param exports those that a client may see without TLS
     * @param enter is asked once a client has chosen
     */
    Handshake(
            ByteChannel channel,
            Exports exports,
            Encryption encryption,
            Function<Export, Entry> enter) {
        this.wire = new Wire(channel);
        this.exports = exports;
        this.encryption = encryption;
        this.enter = enter;
    }

    /** Negotiates; null if the client went away as it may. */
    @Nullable Session negotiate() throws IOException, InterruptedException {
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
        fixedNewstyle = (flags & Nbd.HANDSHAKE_FIXED_NEWSTYLE) != 0;
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

    private @Nullable Session option(int option, int length)
            throws IOException, InterruptedException {
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
        if (option == Nbd.OPT_STARTTLS) {
            startTls(data);
            return null;
        }
        if (isForced()) {
            refuseForTls(option);
            return null;
        }
        switch (option) {
            case Nbd.OPT_EXPORT_NAME -> {
                return exportName(data);
            }
            case Nbd.OPT_INFO, Nbd.OPT_GO -> {
                return info(option, data);
            }
            case Nbd.OPT_LIST -> list(data);
            case Nbd.OPT_STRUCTURED_REPLY, Nbd.OPT_EXTENDED_HEADERS -> headers(option, data);
            case Nbd.OPT_LIST_META_CONTEXT, Nbd.OPT_SET_META_CONTEXT -> metaContext(option, data);
            default ->
                    wire.refuse(
                            option,
                            Nbd.REP_ERR_UNSUP,
                            "option " + Integer.toUnsignedLong(option) + " is not supported");
        }
        return null;
    }

    /** Returns whether nothing but the start of TLS is answered now. */
    private boolean isForced() {
        return !secured && encryption.mode() == TlsMode.REQUIRED;
    }

    private void startTls(ByteBuffer data) throws IOException, InterruptedException {
        if (secured || data.hasRemaining()) {
            String why = secured ? "TLS is in use already" : "malformed";
            wire.refuse(Nbd.OPT_STARTTLS, Nbd.REP_ERR_INVALID, why);
            return;
        }
        // The protocol forbids TLS with clients that do not know the fixed newstyle.
        if (encryption.mode() == TlsMode.OFF || !fixedNewstyle) {
            wire.refuse(Nbd.OPT_STARTTLS, Nbd.REP_ERR_POLICY, "there is no TLS here");
            return;
        }
        wire.acknowledge(Nbd.OPT_STARTTLS);
        Encryption.Secured inside = encryption.secure();
        secured = true;
        // Whoever is between may have said all that came before.
        framing = Framing.SIMPLE;
        contexts = Set.of();
        exports = inside.exports();
        wire = new Wire(inside.channel());
    }

    private void refuseForTls(int option) throws IOException {
        if (option == Nbd.OPT_EXPORT_NAME) {
            throw new ProtocolException("it does not use TLS, which is required here");
        }
        wire.refuse(option, Nbd.REP_ERR_TLS_REQD, "TLS is required here");
    }

    /** Handles an option that has no error reply: on failure the client is disconnected. */
    private Session exportName(ByteBuffer data) throws IOException {
        if (framing == Framing.EXTENDED) {
            throw new ProtocolException("EXPORT_NAME after extended headers");
        }
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
                        .putShort((short) flags(export));
        if (!noZeroes) {
            answer.position(answer.capacity());
        }
        wire.write(answer);
        return session(export);
    }

    private Session session(Export export) {
        return new Session(export, framing, contextsOf == export ? contexts : Set.of());
    }

    private int flags(Export export) {
        return export.flags(framing, contextsOf == export && !contexts.isEmpty());
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
                : "the default export is not attached yet; name one of those that are listed";
    }

    private void refuseUnknown(int option, String name) throws IOException {
        boolean info = option == Nbd.OPT_INFO || option == Nbd.OPT_GO;
        if (info && !secured && encryption.mode() == TlsMode.OFFERED && exports.hidesSome()) {
            // Said of what does not exist too, so that nobody learns the names of the others.
            wire.refuse(option, Nbd.REP_ERR_TLS_REQD, "no such export without TLS");
            return;
        }
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
                        .putShort((short) flags(export)));
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

    private void headers(int option, ByteBuffer data) throws IOException {
        boolean extended = option == Nbd.OPT_EXTENDED_HEADERS;
        if (data.hasRemaining()) {
            wire.refuse(option, Nbd.REP_ERR_INVALID, "malformed");
        } else if (framing == Framing.EXTENDED && !extended) {
            wire.refuse(option, Nbd.REP_ERR_EXT_HEADER_REQD, "extended headers are in use already");
        } else {
            framing = extended ? Framing.EXTENDED : Framing.STRUCTURED;
            wire.acknowledge(option);
        }
    }

    private void metaContext(int option, ByteBuffer data) throws IOException {
        boolean set = option == Nbd.OPT_SET_META_CONTEXT;
        if (set) {
            contexts = Set.of();
        }
        MetaQuery query = MetaQuery.read(data, set);
        if (query == null || !framing.hasParts()) {
            String why = query == null ? "malformed" : "structured replies come first";
            wire.refuse(option, Nbd.REP_ERR_INVALID, why);
            return;
        }
        Export export = exports.find(query.export());
        if (export == null) {
            refuseUnknown(option, query.export());
            return;
        }
        for (MetaContext context : query.contexts()) {
            wire.describe(option, set ? context.id() : 0, context.text());
        }
        if (set) {
            contexts = query.contexts();
            contextsOf = export;
        }
        wire.acknowledge(option);
    }
}
