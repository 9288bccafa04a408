package org.netloop.publish;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Deflate, counting. */
final class FakeCodec implements Codec {
    final AtomicInteger encodings = new AtomicInteger();

    @Override
    public String id() {
        return "fake";
    }

    @Override
    public Levels levels() {
        return new Levels(1, 1, 9);
    }

    @Override
    public int maxEncodedLength(int plainLength) {
        return plainLength + plainLength / 1000 + 64;
    }

    /** A zlib stream of the highest level. */
    @Override
    public boolean recognises(ByteBuffer stored) {
        return stored.remaining() > 2 && stored.getShort() == 0x78DA;
    }

    @Override
    public Optional<InputStream> openFile(InputStream file) {
        return Optional.of(new InflaterInputStream(file));
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) {
        encodings.incrementAndGet();
        try (Deflater deflater = new Deflater(level)) {
            deflater.setInput(plain);
            deflater.finish();
            while (!deflater.finished()) {
                deflater.deflate(stored);
            }
        }
    }

    @Override
    public boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(stored);
            inflater.inflate(plain);
            return inflater.finished();
        } catch (DataFormatException e) {
            throw new CodecException("malformed", e);
        }
    }
}
