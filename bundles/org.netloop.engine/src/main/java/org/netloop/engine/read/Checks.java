package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Check;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.trace.Span;
import org.netloop.engine.trace.Trace;

import java.nio.ByteBuffer;

/** Checks that stored bytes must pass before they are used, as values. Thread-safe. */
public final class Checks {
    private final Decoder decoder;
    private final Versions versions;
    private final Counters counters;

    /**
     * @param decoder decodes what passes
     * @param versions knows the version of each object that no digest vouches for
     * @param counters told how long that takes
     */
    public Checks(Decoder decoder, Versions versions, Counters counters) {
        this.decoder = decoder;
        this.versions = versions;
        this.counters = counters;
    }

    /** The bytes are of a block, by its length and the digest of its stored bytes. */
    Check isOf(StoredBlock block) {
        return (bytes, from, _) -> verify(block, bytes, from.toString());
    }

    /** The bytes are of all blocks of a range, each by itself. */
    Check isOf(PackRange range) {
        return (bytes, from, _) -> {
            requireLength(bytes, range.length(), from.toString());
            int at = bytes.position();
            for (Block block : range.blocks()) {
                StoredBlock stored = PackRange.stored(block);
                verify(stored, bytes.slice(at, stored.length()), from.toString());
                at += stored.length();
            }
        };
    }

    /**
     * The bytes are as many as were asked for, of an object which is the version that this volume
     * reads if no digest vouches for it. Each block of them is verified afterwards.
     */
    Check isRangeFrom(StoredBlock first, int length) {
        return versionOf(first)
                .then((bytes, from, _) -> requireLength(bytes, length, from.toString()));
    }

    /**
     * The bytes are of a block and decode: to the position of {@code plain}, which is moved on.
     *
     * @param least how many plain bytes have to come; at most what {@code plain} has room for
     */
    Check decodes(StoredBlock block, ByteBuffer plain, int least) {
        int start = plain.position();
        return versionOf(block)
                .then(isOf(block))
                .then(
                        (bytes, from, _) -> {
                            try {
                                decode(block, bytes, plain.position(start), least);
                            } catch (FetchException.Corrupt e) {
                                throw new FetchException.Corrupt(from + ": " + e.getMessage(), e);
                            }
                        });
    }

    /**
     * Returns a check like {@link #decodes} for bytes at hand; if it refuses them, the position
     * stays.
     */
    Errand.Taker takes(StoredBlock block, ByteBuffer plain, int least, String from) {
        int start = plain.position();
        return bytes -> {
            boolean good = false;
            try {
                verify(block, bytes, from);
                decode(block, bytes, plain, least);
                good = true;
            } finally {
                if (!good) {
                    plain.position(start);
                }
            }
        };
    }

    /** Decodes verified bytes, until {@code plain} is full. */
    void decode(StoredBlock block, ByteBuffer bytes, ByteBuffer plain)
            throws FetchException, BackendException, InterruptedException {
        decode(block, bytes, plain, plain.remaining());
    }

    private void decode(StoredBlock block, ByteBuffer bytes, ByteBuffer plain, int least)
            throws FetchException, BackendException, InterruptedException {
        Span span = span(Trace.DECODE, block);
        boolean good = false;
        long began = System.nanoTime();
        try {
            decoder.decode(block, bytes, plain, least);
            counters.decodeTime.since(began);
            good = true;
        } finally {
            span.end(good);
        }
    }

    private static Span span(String stage, StoredBlock block) {
        return Trace.stage(stage, block.path(), block.position(), block.length());
    }

    private Check versionOf(StoredBlock block) {
        return block.verification() == Verification.NONE
                ? (_, from, object) -> versions.check(block.path(), object, from)
                : Check.NONE;
    }

    private void verify(StoredBlock block, ByteBuffer bytes, String from)
            throws FetchException.Corrupt {
        if (!block.lengthIsBound()) {
            requireLength(bytes, block.length(), from);
        }
        if (block.verification() != Verification.STORED) {
            return;
        }
        Span span = span(Trace.VERIFY, block);
        long began = System.nanoTime();
        boolean matches = block.key().matches(bytes);
        counters.verifyTime.since(began);
        span.end(matches);
        if (!matches) {
            throw new FetchException.Corrupt(
                    from + " has other bytes than its digest " + block.key().brief() + " says");
        }
    }

    private static void requireLength(ByteBuffer bytes, int length, String from)
            throws FetchException.Corrupt {
        if (bytes.remaining() != length) {
            throw new FetchException.Corrupt(
                    from + " has " + bytes.remaining() + " of " + length + " bytes");
        }
    }
}
