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

    /** Largest window accepted in files: 128 MiB, the default limit of the zstd program. */
    private static final int LARGEST_WINDOW_LOG = 27;

    /** Content size of a frame that does not state one. */
    private static final long UNTOLD = -1;

    private final ContextPool<ZstdCompressCtx> encoders = new ContextPool<>(ZstdCompressCtx::new);
    private final ContextPool<ZstdDecompressCtx> decoders =
            new ContextPool<>(ZstdDecompressCtx::new);
    private final DeltaFrames deltas = new DeltaFrames(encoders, decoders);

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
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
        requireLevel(level);
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
            plain.position(plain.limit());
            if (target == stored) {
                stored.position(stored.position() + length);
            } else {
                stored.put(target.limit(length));
            }
        } catch (ZstdException e) {
            throw new CodecException(
                    "zstd cannot encode " + plain.remaining() + " bytes: " + e.getMessage(), e);
        } finally {
            encoders.give(context);
        }
    }

    @Override
    public boolean decode(ByteBuffer stored, ByteBuffer plain) throws CodecException {
        ByteBuffer source = direct(stored).duplicate();
        int begin = source.position();
        long size = size(source, plain.remaining());
        boolean inPlace = plain.isDirect() && size <= plain.remaining();
        // With room for all it gives it is decoded in one pass, without a window of its own.
        ByteBuffer target =
                inPlace
                        ? plain.duplicate()
                        : ByteBuffer.allocateDirect((int) Math.max(size, plain.remaining()));
        int start = target.position();
        ZstdDecompressCtx context = decoders.take();
        try {
            if (size == UNTOLD) {
                decodeUntold(context, source, target);
            } else if (!context.decompressDirectByteBufferStream(target, source)) {
                throw new CodecException(
                        "the zstd frame does not end within the "
                                + stored.remaining()
                                + " bytes of its block");
            }
        } catch (ZstdException e) {
            throw new CodecException("not a zstd frame: " + e.getMessage(), e);
        } finally {
            context.reset();
            decoders.give(context);
        }
        stored.position(stored.position() + source.position() - begin);
        int length = target.position() - start;
        if (inPlace) {
            plain.position(plain.position() + length);
            return true;
        }
        int taken = Math.min(length, plain.remaining());
        plain.put(target.slice(start, taken));
        return taken == length;
    }

    /**
     * Decodes a frame of unknown size with the target as its window: a stream would allocate a
     * window as large as the frame asks for.
     */
    private static void decodeUntold(
            ZstdDecompressCtx context, ByteBuffer source, ByteBuffer target) throws CodecException {
        long frame =
                Zstd.findDirectByteBufferFrameCompressedSize(
                        source, source.position(), source.remaining());
        if (frame < 1 || frame > source.remaining()) {
            throw new CodecException(
                    "the zstd frame does not end within the "
                            + source.remaining()
                            + " bytes of its block");
        }
        int count =
                context.decompressDirectByteBuffer(
                        target,
                        target.position(),
                        target.remaining(),
                        source,
                        source.position(),
                        (int) frame);
        source.position(source.position() + (int) frame);
        target.position(target.position() + count);
    }

    /** Returns the content size that the frame states; {@link #UNTOLD} if it states none. */
    private static long size(ByteBuffer source, int room) throws CodecException {
        long size =
                Zstd.getDirectByteBufferFrameContentSize(
                        source, source.position(), source.remaining());
        if (size < UNTOLD) {
            throw new CodecException("not a zstd frame");
        }
        if (size > (long) room + MOST_BEYOND) {
            throw new CodecException(
                    "the zstd frame has " + size + " bytes where " + room + " belong");
        }
        return size;
    }

    @Override
    public boolean encodesDeltas() {
        return true;
    }

    @Override
    public void encodeDelta(ByteBuffer bases, ByteBuffer plain, ByteBuffer delta, int level)
            throws CodecException {
        requireLevel(level);
        deltas.encode(bases, plain, delta, level);
        plain.position(plain.limit());
    }

    @Override
    public void decodeDelta(ByteBuffer bases, ByteBuffer delta, ByteBuffer plain)
            throws CodecException {
        deltas.decode(bases, delta, plain);
        delta.position(delta.limit());
    }

    private static void requireLevel(int level) throws CodecException {
        if (!LEVELS.contains(level)) {
            throw new CodecException("zstd has no level " + level + ": 1 to 19");
        }
    }

    private static ByteBuffer direct(ByteBuffer buffer) {
        return buffer.isDirect()
                ? buffer
                : ByteBuffer.allocateDirect(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    /** Gives native memory back. */
    @Deactivate
    void close() {
        encoders.close();
        decoders.close();
    }
}
