package org.netloop.publish;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Deflate, whose deltas have the last 32 KiB of their bases for a dictionary. */
public final class DeltaCodec implements Codec {
    private static final int OVERHEAD = 64;

    @Override
    public String id() {
        return "fake";
    }

    @Override
    public Levels levels() {
        return new Levels(1, 6, 9);
    }

    @Override
    public int maxEncodedLength(int plainLength) {
        return plainLength + plainLength / 1000 + OVERHEAD;
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) {
        encodeDelta(ByteBuffer.allocate(0), plain, stored, level);
    }

    @Override
    public boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        decodeDelta(ByteBuffer.allocate(0), stored, plain);
        return true;
    }

    @Override
    public boolean encodesDeltas() {
        return true;
    }

    @Override
    public void encodeDelta(ByteBuffer bases, ByteBuffer plain, ByteBuffer delta, int level) {
        try (Deflater deflater = new Deflater(level, true)) {
            deflater.setDictionary(bases);
            deflater.setInput(plain);
            deflater.finish();
            while (!deflater.finished()) {
                deflater.deflate(delta);
            }
        }
    }

    @Override
    public void decodeDelta(ByteBuffer bases, ByteBuffer delta, ByteBuffer plain)
            throws CodecException {
        try (Inflater inflater = new Inflater(true)) {
            inflater.setDictionary(bases);
            inflater.setInput(delta);
            while (plain.hasRemaining() && inflater.inflate(plain) > 0) {
                // to the end
            }
        } catch (DataFormatException e) {
            throw new CodecException("malformed", e);
        }
    }
}
