package org.netloop.codec.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;

import org.netloop.api.codec.Codec;
import org.netloop.api.codec.CodecException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Zstandard (RFC 8878) by zstd-jni: one frame a block. Its header tells its content's size where we
 * wrote it; a frame that does not tell (casync's) is read too.
 */
@Component(service = Codec.class)
public final class ZstdCodec implements Codec {
    private static final Levels LEVELS = new Levels(1, 3, 19);

    /** Of files: 128 MiB, what the zstd program takes unless it is told to take more. */
    private static final int LARGEST_WINDOW_LOG = 27;

    /** As a content size: the frame does not tell. */
    private static final long UNTOLD = -1;

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
    public boolean recognises(ByteBuffer stored) {
        return stored.remaining() > Integer.BYTES
                && stored.order(ByteOrder.LITTLE_ENDIAN).getInt() == Zstd.magicNumber();
    }

    @Override
    public Optional<InputStream> openFile(InputStream file) throws IOException {
        return Optional.of(new ZstdInputStreamNoFinalizer(file).setLongMax(LARGEST_WINDOW_LOG));
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
        boolean told = checkSize(source, plain.remaining());
        ByteBuffer target =
                plain.isDirect() ? plain.duplicate() : ByteBuffer.allocateDirect(plain.remaining());
        int start = target.position();
        ZstdDecompressCtx context = decoders.take();
        try {
            if (told) {
                decodeWhole(context, source, target);
            } else {
                decodeUntold(context, source, target);
            }
            moveOn(stored, plain, target, target.position() - start);
        } catch (ZstdException e) {
            throw new CodecException("not a zstd frame: " + e.getMessage(), e);
        } finally {
            context.reset();
            decoders.give(context);
        }
    }

    /** With room for all it gives it is decoded in one pass, without a window of its own. */
    private static void decodeWhole(ZstdDecompressCtx context, ByteBuffer source, ByteBuffer target)
            throws CodecException {
        int length = source.remaining();
        boolean whole = context.decompressDirectByteBufferStream(target, source);
        if (!whole || source.hasRemaining()) {
            throw new CodecException(
                    "the zstd frame has "
                            + (whole ? "fewer" : "more")
                            + " bytes than the "
                            + length
                            + " of its block");
        }
    }

    /** As a stream it would take a window as large as it likes: here the target is the window. */
    private static void decodeUntold(
            ZstdDecompressCtx context, ByteBuffer source, ByteBuffer target) throws CodecException {
        long frame =
                Zstd.findDirectByteBufferFrameCompressedSize(
                        source, source.position(), source.remaining());
        if (frame != source.remaining()) {
            throw new CodecException(
                    "the " + source.remaining() + " bytes of a block are not one zstd frame");
        }
        int count =
                context.decompressDirectByteBuffer(
                        target,
                        target.position(),
                        target.remaining(),
                        source,
                        source.position(),
                        source.remaining());
        target.position(target.position() + count);
    }

    /** Whether the frame tells its size, which is checked then. */
    private static boolean checkSize(ByteBuffer source, int room) throws CodecException {
        long size =
                Zstd.getDirectByteBufferFrameContentSize(
                        source, source.position(), source.remaining());
        if (size < UNTOLD) {
            throw new CodecException("not a zstd frame");
        }
        if (size > room) {
            throw new CodecException(
                    "the zstd frame has " + size + " bytes where " + room + " belong");
        }
        return size != UNTOLD;
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
