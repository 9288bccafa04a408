package org.netloop.codec.compress;

import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** The gzip format (RFC 1952): one member without a name and a time. */
@Component(service = Codec.class)
public final class GzipCodec extends StreamCodec {
    /** Magic number, and deflate as its method. */
    private static final byte[] MARK = {0x1F, (byte) 0x8B, 8};

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public GzipCodec() {
        super("gzip", new Levels(1, 6, 9), MARK);
    }

    @Override
    OutputStream encoder(OutputStream stored, int plainLength, int level) throws IOException {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(level);
        return new GzipCompressorOutputStream(stored, parameters);
    }

    @Override
    InputStream decoder(BufferInput stored, int room) throws IOException {
        return GzipCompressorInputStream.builder().setInputStream(stored).get();
    }

    @Override
    public Optional<InputStream> openFile(InputStream file) throws IOException {
        return Optional.of(
                GzipCompressorInputStream.builder()
                        .setInputStream(file)
                        .setDecompressConcatenated(true)
                        .get());
    }
}
