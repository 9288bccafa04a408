package org.netloop.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import org.netloop.api.codec.CodecException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames whose dictionary is the plain content of other blocks. The library takes a dictionary as
 * raw content unless it begins with the magic number of trained ones, and what lies in an image may
 * begin so. Therefore the dictionary is {@link #PREFIX}, then the other blocks. Thread-safe.
 */
final class DeltaFrames {
    private static final byte[] PREFIX = "netloop\n".getBytes(StandardCharsets.US_ASCII);

    /** Window range of the library that every decoder accepts by default. */
    private static final int LEAST_WINDOW_LOG = 10;

    private static final int MOST_WINDOW_LOG = 27;

    private final ContextPool<ZstdCompressCtx> encoders;
    private final ContextPool<ZstdDecompressCtx> decoders;

    /** Shares the contexts, which are given back without a dictionary. */
    DeltaFrames(ContextPool<ZstdCompressCtx> encoders, ContextPool<ZstdDecompressCtx> decoders) {
        this.encoders = encoders;
        this.decoders = decoders;
    }

    private static byte[] dictionary(ByteBuffer bases) {
        byte[] dictionary = new byte[PREFIX.length + bases.remaining()];
        System.arraycopy(PREFIX, 0, dictionary, 0, PREFIX.length);
        bases.get(bases.position(), dictionary, PREFIX.length, bases.remaining());
        return dictionary;
    }

    /** Returns the logarithm of a window from whose end all of the dictionary is in reach. */
    private static int windowLog(int dictionary, int plain) {
        int log = Long.SIZE - Long.numberOfLeadingZeros((long) dictionary + plain - 1);
        return Math.clamp(log, LEAST_WINDOW_LOG, MOST_WINDOW_LOG);
    }

    /** Encodes one frame; the position of {@code plain} is left as it was. */
    void encode(ByteBuffer bases, ByteBuffer plain, ByteBuffer delta, int level)
            throws CodecException {
        byte[] dictionary = dictionary(bases);
        byte[] source = bytes(plain);
        byte[] target = new byte[delta.remaining()];
        ZstdCompressCtx context = encoders.take();
        try {
            context.setLevel(level)
                    .setWindowLog(windowLog(dictionary.length, source.length))
                    .loadDict(dictionary);
            int length =
                    context.compressByteArray(target, 0, target.length, source, 0, source.length);
            delta.put(target, 0, length);
        } catch (ZstdException e) {
            throw new CodecException(
                    "zstd cannot encode a delta of " + source.length + " bytes: " + e.getMessage(),
                    e);
        } finally {
            context.reset();
            encoders.give(context);
        }
    }

    /** Decodes all of {@code delta}, whose position is left as it was. */
    void decode(ByteBuffer bases, ByteBuffer delta, ByteBuffer plain) throws CodecException {
        byte[] source = bytes(delta);
        long size = Zstd.getFrameContentSize(source);
        if (size < 0 || size > plain.remaining()) {
            throw new CodecException(
                    "the zstd delta has " + size + " bytes where " + plain.remaining() + " belong");
        }
        byte[] dictionary = dictionary(bases);
        byte[] target = new byte[(int) size];
        ZstdDecompressCtx context = decoders.take();
        try {
            context.loadDict(dictionary);
            int length =
                    context.decompressByteArray(target, 0, target.length, source, 0, source.length);
            plain.put(target, 0, length);
        } catch (ZstdException e) {
            throw new CodecException("not a zstd delta: " + e.getMessage(), e);
        } finally {
            context.reset();
            decoders.give(context);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
