package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The zlib format (RFC 1950) by the JDK: the codec of the HTTP-FUSE CLOOP paper. */
@Component(service = Codec.class)
public final class ZlibCodec implements Codec {
    private static final Levels LEVELS = new Levels(1, 6, 9);

    /**
     * Inflaters hold native memory and take long to make: as many as may be busy at once are kept.
     */
    private static final int KEPT = 2 * Runtime.getRuntime().availableProcessors();

    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);

    /** For Declarative Services and {@link java.util.ServiceLoader}. */
    public ZlibCodec() {}

    @Override
    public String id() {
        return "zlib";
    }

    @Override
    public Levels levels() {
        return LEVELS;
    }

    /**
     * The bound of zlib's own {@code compressBound} (RFC 1951: 5 bytes a stored block of 16 KiB).
     */
    @Override
    public int maxEncodedLength(int plainLength) {
        return Math.addExact(
                plainLength, (plainLength >> 12) + (plainLength >> 14) + (plainLength >> 25) + 64);
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        if (!LEVELS.contains(level)) {
            throw new CodecException("zlib has no level " + level + ": 1 to 9");
        }
        Deflater deflater = new Deflater(level);
        try {
            deflater.setInput(plain);
            deflater.finish();
            while (!deflater.finished()) {
                if (deflater.deflate(stored) == 0 && !stored.hasRemaining()) {
                    throw new CodecException("the encoded block is longer than its room");
                }
            }
        } finally {
            deflater.end();
        }
    }

    @Override
    public void decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        Inflater pooled = inflaters.poll();
        Inflater inflater = pooled == null ? new Inflater() : pooled;
        try {
            inflater.setInput(stored);
            inflate(inflater, plain);
            if (inflater.getRemaining() > 0) {
                throw new CodecException(
                        inflater.getRemaining() + " bytes follow the end of the zlib stream");
            }
        } catch (DataFormatException e) {
            throw new CodecException("not a zlib stream: " + e.getMessage(), e);
        } finally {
            inflater.reset();
            if (!inflaters.offer(inflater)) {
                inflater.end();
            }
        }
    }

    private static void inflate(Inflater inflater, ByteBuffer plain)
            throws DataFormatException, CodecException {
        while (!inflater.finished()) {
            int count = plain.hasRemaining() ? inflater.inflate(plain) : probe(inflater);
            if (count > 0) {
                continue;
            }
            if (inflater.needsDictionary()) {
                throw new CodecException("the zlib stream asks for a dictionary");
            }
            if (!inflater.finished()) {
                throw new CodecException(
                        "the zlib stream ends too early, after "
                                + inflater.getBytesRead()
                                + " bytes");
            }
        }
    }

    /** A full buffer is fine if nothing but the checksum is left. */
    private static int probe(Inflater inflater) throws DataFormatException, CodecException {
        if (inflater.inflate(new byte[1]) > 0) {
            throw new CodecException("the zlib stream gives more bytes than the block has");
        }
        return 0;
    }

    /** Gives native memory back. */
    @Deactivate
    void close() {
        for (Inflater inflater = inflaters.poll(); inflater != null; inflater = inflaters.poll()) {
            inflater.end();
        }
    }
}
