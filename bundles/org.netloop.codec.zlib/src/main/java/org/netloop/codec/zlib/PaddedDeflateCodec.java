package org.netloop.codec.zlib;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.osgi.service.component.annotations.Component;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A raw deflate stream (RFC 1951) with filling after it, as qcow2 stores compressed clusters in
 * whole sectors: decoding ends with the stream, or when the plain bytes are complete.
 */
@Component(service = Codec.class)
public final class PaddedDeflateCodec implements Codec {
    private static final Levels LEVELS = new Levels(1, 6, 9);

    /** For Declarative Services and {@link java.util.ServiceLoader}. */
    public PaddedDeflateCodec() {}

    @Override
    public String id() {
        return "deflate-padded";
    }

    @Override
    public Levels levels() {
        return LEVELS;
    }

    /** The bound of zlib's own {@code compressBound}. */
    @Override
    public int maxEncodedLength(int plainLength) {
        return Math.addExact(
                plainLength, (plainLength >> 12) + (plainLength >> 14) + (plainLength >> 25) + 64);
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        if (!LEVELS.contains(level)) {
            throw new CodecException("deflate has no level " + level + ": 1 to 9");
        }
        try (Deflater deflater = new Deflater(level, true)) {
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
    public void decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(stored);
            while (plain.hasRemaining() && !inflater.finished()) {
                if (inflater.inflate(plain) == 0 && !inflater.finished()) {
                    throw new CodecException(
                            "the deflate stream ends too early, after "
                                    + inflater.getBytesRead()
                                    + " bytes");
                }
            }
            stored.position(stored.limit());
        } catch (DataFormatException e) {
            throw new CodecException("not a deflate stream: " + e.getMessage(), e);
        }
    }
}
