package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A format of the JDK's deflater, with or without zlib's header and checksum. Thread-safe. */
abstract class InflatingCodec implements Codec {
    private static final Levels LEVELS = new Levels(1, 6, 9);

    /**
     * Inflaters hold native memory and take long to make: as many as may be busy at once are kept.
     */
    private static final int KEPT = 2 * Runtime.getRuntime().availableProcessors();

    private final String id;
    private final boolean bare;
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);

    /**
     * @param bare whether it has neither header nor checksum
     */
    InflatingCodec(String id, boolean bare) {
        this.id = id;
        this.bare = bare;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final Levels levels() {
        return LEVELS;
    }

    /**
     * The bound of zlib's own {@code compressBound} (RFC 1951: 5 bytes a stored block of 16 KiB).
     */
    @Override
    public final int maxEncodedLength(int plainLength) {
        return Math.addExact(
                plainLength, (plainLength >> 12) + (plainLength >> 14) + (plainLength >> 25) + 64);
    }

    @Override
    public final void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        if (!LEVELS.contains(level)) {
            throw new CodecException(id + " has no level " + level + ": 1 to 9");
        }
        try (Deflater deflater = new Deflater(level, bare)) {
            deflater.setInput(plain);
            deflater.finish();
            while (!deflater.finished()) {
                if (deflater.deflate(stored) == 0 && !stored.hasRemaining()) {
                    throw new CodecException("the encoded block is longer than its room");
                }
            }
        }
    }

    @Override
    public final boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        Inflater pooled = inflaters.poll();
        Inflater inflater = pooled == null ? new Inflater(bare) : pooled;
        try {
            inflater.setInput(stored);
            return inflate(inflater, plain);
        } catch (DataFormatException e) {
            throw new CodecException("not a stream of " + id + ": " + e.getMessage(), e);
        } finally {
            inflater.reset();
            if (!inflaters.offer(inflater)) {
                inflater.end();
            }
        }
    }

    /** Returns whether the stream ended; else there is no more room. */
    private boolean inflate(Inflater inflater, ByteBuffer plain)
            throws DataFormatException, CodecException {
        while (!inflater.finished()) {
            boolean full = !plain.hasRemaining();
            int count = full ? inflater.inflate(new byte[1]) : inflater.inflate(plain);
            if (inflater.needsDictionary()) {
                throw new CodecException("the stream of " + id + " asks for a dictionary");
            }
            if (count > 0 && !full || inflater.finished() && count == 0) {
                continue;
            }
            if (full) {
                return false;
            }
            throw new CodecException(
                    "the stream of "
                            + id
                            + " ends too early, after "
                            + inflater.getBytesRead()
                            + " bytes");
        }
        return true;
    }

    /** Gives native memory back. */
    final void end() {
        for (Inflater inflater = inflaters.poll(); inflater != null; inflater = inflaters.poll()) {
            inflater.end();
        }
    }
}
