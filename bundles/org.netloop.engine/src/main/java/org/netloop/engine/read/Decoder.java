package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.codec.Codec;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;

/** Turns verified stored bytes into plain ones. Thread-safe. */
public final class Decoder {
    /** So many bytes tell what something is, in a message. */
    private static final int MARK = 6;

    private final Backends<Codec> codecs;
    private final Duration grace;

    /**
     * @param grace how long a codec that left is waited for
     */
    public Decoder(Backends<Codec> codecs, Duration grace) {
        this.codecs = codecs;
        this.grace = grace;
    }

    /**
     * Decodes the remaining bytes of {@code stored} to the position of {@code plain}, and moves
     * both on.
     *
     * @throws FetchException.Corrupt if the codec refuses them, or they are not what the block's
     *     digest vouches for
     * @throws FetchException.Unsupported if the codec is not installed
     */
    public void decode(StoredBlock block, ByteBuffer stored, ByteBuffer plain)
            throws FetchException, InterruptedException {
        int start = plain.position();
        if (block.codec().equals(StoredBlock.PLAIN)) {
            copy(block, stored, plain);
        } else {
            decodeWithCodec(block, stored, plain);
        }
        Digest expected = block.plainOrNull();
        if (expected != null && !expected.matches(plain.duplicate().flip().position(start))) {
            throw new FetchException.Corrupt(
                    "block " + expected.brief() + " decodes to other bytes than its digest says");
        }
    }

    private static void copy(StoredBlock block, ByteBuffer stored, ByteBuffer plain)
            throws FetchException.Corrupt {
        if (stored.remaining() > plain.remaining()) {
            throw new FetchException.Corrupt(
                    "block "
                            + block.key().brief()
                            + " is stored plain with "
                            + stored.remaining()
                            + " bytes where "
                            + plain.remaining()
                            + " belong");
        }
        plain.put(stored);
    }

    private @Nullable Use<Codec> enter(StoredBlock block, ByteBuffer stored)
            throws InterruptedException {
        return block.codec().equals(StoredBlock.RECOGNISED)
                ? codecs.enterFirst(codec -> codec.recognises(stored.asReadOnlyBuffer()), grace)
                : codecs.enter(block.codec(), grace);
    }

    /** What no codec recognises may be damage, which another mirror does not have. */
    private FetchException missing(StoredBlock block, ByteBuffer stored) {
        if (!block.codec().equals(StoredBlock.RECOGNISED)) {
            return new FetchException.Unsupported(
                    "no codec '"
                            + block.codec()
                            + "' is installed (there are "
                            + codecs.keys()
                            + "); install the feature codec-"
                            + block.codec());
        }
        byte[] first = new byte[Math.min(MARK, stored.remaining())];
        stored.get(stored.position(), first);
        return new FetchException.Corrupt(
                "block "
                        + block.key().brief()
                        + " begins with "
                        + HexFormat.of().formatHex(first)
                        + ", which no installed codec recognises (there are "
                        + codecs.keys()
                        + "): it is damaged, or the feature of its codec is missing");
    }

    private void decodeWithCodec(StoredBlock block, ByteBuffer stored, ByteBuffer plain)
            throws FetchException, InterruptedException {
        try (Use<Codec> use = enter(block, stored)) {
            if (use == null) {
                throw missing(block, stored);
            }
            use.service().decode(stored, plain);
        } catch (FetchException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new FetchException.Corrupt(
                    "codec '"
                            + block.codec()
                            + "' cannot decode "
                            + block.key().brief()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
