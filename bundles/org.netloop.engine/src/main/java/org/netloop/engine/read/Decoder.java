package org.netloop.engine.read;

import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Turns verified stored bytes into plain ones. Thread-safe. */
public final class Decoder {
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
     * @throws FetchException.Corrupt if the codec refuses them, or they are not what the key
     *     vouches for
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
        if (block.verification() == Verification.PLAIN
                && !block.key().matches(plain.duplicate().flip().position(start))) {
            throw new FetchException.Corrupt(
                    "block " + block.key().brief() + " decodes to other bytes than its name says");
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

    private void decodeWithCodec(StoredBlock block, ByteBuffer stored, ByteBuffer plain)
            throws FetchException, InterruptedException {
        try (Use<Codec> use = codecs.enter(block.codec(), grace)) {
            if (use == null) {
                throw new FetchException.Unsupported(
                        "no codec '"
                                + block.codec()
                                + "' is installed (there are "
                                + codecs.keys()
                                + "); install the feature codec-"
                                + block.codec());
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
