package org.netloop.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

import java.nio.ByteBuffer;

/** Zstandard (RFC 8878) by zstd-jni: one frame a block, its content size in its header. */
@Component(service = Codec.class)
public final class ZstdCodec implements Codec {
    private static final Levels LEVELS = new Levels(1, 3, 19);

    private final ContextPool<ZstdCompressCtx> encoders = new ContextPool<>(ZstdCompressCtx::new);
    private final ContextPool<ZstdDecompressCtx> decoders =
            new ContextPool<>(ZstdDecompressCtx::new);

    /** For Declarative Services and {@link java.util.ServiceLoader}. */
    public ZstdCodec() {}

    @Override
    public String id() {
        return "zstd";
    }

    @Override
    public Levels levels() {
        return LEVELS;
    }

    @Override
    public int maxEncodedLength(int plainLength) {
        return Math.toIntExact(Zstd.compressBound(plainLength));
    }

    @Override
    public void encode(ByteBuffer plain, ByteBuffer stored, int level) throws CodecException {
        if (!LEVELS.contains(level)) {
            throw new CodecException("zstd has no level " + level + ": 1 to 19");
        }
        ByteBuffer source = direct(plain);
        ByteBuffer target =
                stored.isDirect() ? stored : ByteBuffer.allocateDirect(stored.remaining());
        ZstdCompressCtx context = encoders.take();
        try {
            context.setLevel(level);
            int length =
                    context.compressDirectByteBuffer(
                            target,
                            target.position(),
                            target.remaining(),
                            source,
                            source.position(),
                            source.remaining());
            moveOn(plain, stored, target, length);
        } catch (ZstdException e) {
            throw new CodecException(
                    "zstd cannot encode " + plain.remaining() + " bytes: " + e.getMessage(), e);
        } finally {
            encoders.give(context);
        }
    }

    @Override
    public void decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        ByteBuffer source = direct(stored).duplicate();
        checkSize(source, plain.remaining());
        ByteBuffer target =
                plain.isDirect() ? plain.duplicate() : ByteBuffer.allocateDirect(plain.remaining());
        int start = target.position();
        ZstdDecompressCtx context = decoders.take();
        try {
            // A whole frame with room for all it gives is decoded in one pass, without a window of
            // its own.
            boolean whole = context.decompressDirectByteBufferStream(target, source);
            if (!whole || source.hasRemaining()) {
                throw new CodecException(
                        "the zstd frame has "
                                + (whole ? "fewer" : "more")
                                + " bytes than the "
                                + stored.remaining()
                                + " of its block");
            }
            moveOn(stored, plain, target, target.position() - start);
        } catch (ZstdException e) {
            throw new CodecException("not a zstd frame: " + e.getMessage(), e);
        } finally {
            context.reset();
            decoders.give(context);
        }
    }

    private static void checkSize(ByteBuffer source, int room) throws CodecException {
        long size =
                Zstd.getDirectByteBufferFrameContentSize(
                        source, source.position(), source.remaining());
        if (size < 0) {
            throw new CodecException("not a zstd frame that tells its size");
        }
        if (size > room) {
            throw new CodecException(
                    "the zstd frame has " + size + " bytes where " + room + " belong");
        }
    }

    private static ByteBuffer direct(ByteBuffer buffer) {
        return buffer.isDirect()
                ? buffer
                : ByteBuffer.allocateDirect(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    private static void moveOn(ByteBuffer from, ByteBuffer into, ByteBuffer target, int length) {
        from.position(from.limit());
        if (into.isDirect()) {
            into.position(into.position() + length);
        } else {
            into.put(target.position(0).limit(length));
        }
    }

    /** Gives native memory back. */
    @Deactivate
    void close() {
        encoders.close();
        decoders.close();
    }
}
