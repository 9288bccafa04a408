package org.netloop.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

import java.nio.ByteBuffer;

/**
 * A Zstandard frame with filling after it, as qcow2 stores compressed clusters in whole sectors:
 * decoding ends with the frame, and takes no more of it than there is room for plain bytes.
 */
@Component(service = Codec.class)
public final class PaddedZstdCodec implements Codec {
    /** The largest cluster of qcow2: a frame that says more is not decoded. */
    private static final int LARGEST = 2 << 20;

    private final ZstdCodec frames = new ZstdCodec();
    private final ContextPool<ZstdDecompressCtx> decoders =
            new ContextPool<>(ZstdDecompressCtx::new);

    /** For Declarative Services and {@link java.util.ServiceLoader}. */
    public PaddedZstdCodec() {}

    @Override
    public String id() {
        return "zstd-padded";
    }

    @Override
    public Levels levels() {
        return frames.levels();
    }

    @Override
    public int maxEncodedLength(int plainLength) {
        return frames.maxEncodedLength(plainLength);
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        frames.encode(plain, stored, level);
    }

    @Override
    public void decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        ByteBuffer source =
                ByteBuffer.allocateDirect(stored.remaining()).put(stored.duplicate()).flip();
        ByteBuffer frame = ByteBuffer.allocateDirect(size(source));
        ZstdDecompressCtx context = decoders.take();
        try {
            if (!context.decompressDirectByteBufferStream(frame, source)) {
                throw new CodecException(
                        "the zstd frame does not end within its " + stored.remaining() + " bytes");
            }
        } catch (ZstdException e) {
            throw new CodecException("not a zstd frame: " + e.getMessage(), e);
        } finally {
            context.reset();
            decoders.give(context);
        }
        frame.flip();
        plain.put(frame.limit(Math.min(frame.limit(), plain.remaining())));
        stored.position(stored.limit());
    }

    private static int size(ByteBuffer source) throws CodecException {
        long size =
                source.hasRemaining()
                        ? Zstd.getDirectByteBufferFrameContentSize(source, 0, source.remaining())
                        : -1;
        if (size < 0 || size > LARGEST) {
            throw new CodecException(
                    "not a zstd frame that tells its size, of at most " + LARGEST + " bytes");
        }
        return (int) size;
    }

    /** Gives native memory back. */
    @Deactivate
    void close() {
        frames.close();
        decoders.close();
    }
}
