package org.netloop.codec.compress;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The bzip2 format: one stream. Its level is the length of what is sorted at a time, in units of
 * 100,000 bytes; no more units than a block can fill are taken, as each costs memory to decode.
 */
@Component(service = Codec.class)
public final class Bzip2Codec extends StreamCodec {
    private static final int UNIT = 100_000;
    private static final byte[] MARK = {'B', 'Z', 'h'};

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public Bzip2Codec() {
        super(
                "bzip2",
                new Levels(
                        BZip2CompressorOutputStream.MIN_BLOCKSIZE,
                        BZip2CompressorOutputStream.MAX_BLOCKSIZE,
                        BZip2CompressorOutputStream.MAX_BLOCKSIZE),
                MARK);
    }

    @Override
    OutputStream encoder(OutputStream stored, int plainLength, int level) throws IOException {
        // Runs of four grow to five bytes before they are sorted.
        long longest = plainLength + plainLength / 4L + 1;
        long units = Math.ceilDiv(longest, UNIT);
        return new BZip2CompressorOutputStream(stored, (int) Math.min(level, units));
    }

    @Override
    InputStream decoder(BufferInput stored, int room) throws IOException {
        return new BZip2CompressorInputStream(stored, false);
    }

    @Override
    public Optional<InputStream> openFile(InputStream file) throws IOException {
        return Optional.of(new BZip2CompressorInputStream(file, true));
    }
}
