package org.netloop.codec.compress;

import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream.BlockSize;
import org.apache.commons.compress.compressors.lz77support.Parameters;
import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The LZ4 frame format: one frame of independent blocks with a checksum of the content. */
@Component(service = Codec.class)
public final class Lz4Codec extends StreamCodec {
    private static final byte[] MARK = {4, 0x22, 0x4D, 0x18};
    private static final int FAST = 1;
    private static final int SMALL = 3;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public Lz4Codec() {
        super("lz4", new Levels(FAST, FAST, SMALL), MARK);
    }

    @Override
    OutputStream encoder(OutputStream stored, int plainLength, int level) throws IOException {
        return new FramedLZ4CompressorOutputStream(
                stored,
                new FramedLZ4CompressorOutputStream.Parameters(
                        block(plainLength), true, false, false, search(level)));
    }

    /** The shortest that holds all, as the encoder takes its memory at once. */
    private static BlockSize block(int plainLength) {
        if (plainLength <= 64 << 10) {
            return BlockSize.K64;
        }
        if (plainLength <= 256 << 10) {
            return BlockSize.K256;
        }
        return plainLength <= 1 << 20 ? BlockSize.M1 : BlockSize.M4;
    }

    private static Parameters search(int level) {
        Parameters.Builder search = BlockLZ4CompressorOutputStream.createParameterBuilder();
        return switch (level) {
            case FAST -> search.tunedForSpeed().build();
            case SMALL -> search.tunedForCompressionRatio().build();
            default -> search.build();
        };
    }

    @Override
    InputStream decoder(BufferInput stored, int room) throws IOException {
        return new FramedLZ4CompressorInputStream(stored, false);
    }

    @Override
    public Optional<InputStream> openFile(InputStream file) throws IOException {
        return Optional.of(new FramedLZ4CompressorInputStream(file, true));
    }
}
