package org.netloop.assembler.tree;

import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;

/** Compresses by gzip as far as it goes, and says so in the header; equal bytes each time. */
public final class Gzip {
    private Gzip() {}

    /** Returns a stream that compresses into another one, and closes it. */
    public static OutputStream to(OutputStream out) throws IOException {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
        return new GzipCompressorOutputStream(out, parameters);
    }
}
