package org.netloop.codec.compress;

import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;
import org.tukaani.xz.LZMA2InputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The xz format: one stream of LZMA2 with a CRC-32. The window is no longer than the block, so that
 * high levels take no more memory than they can use.
 */
@Component(service = Codec.class)
public final class XzCodec extends StreamCodec {
    private static final byte[] MARK = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0};

    /** The window that the xz program takes at its standard level, whatever the block's length. */
    private static final int USUAL_WINDOW = 8 << 20;

    /** The window that the xz program takes at its highest level: no file is given more. */
    private static final int LARGEST_WINDOW = 64 << 20;

    /** Above what LZMA2 itself takes: filters, and the stream's own buffers. */
    private static final int MARGIN_KIB = 64;

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public XzCodec() {
        super("xz", new Levels(0, 6, 9), MARK);
    }

    @Override
    OutputStream encoder(OutputStream stored, int plainLength, int level) throws IOException {
        LZMA2Options options = new LZMA2Options(level);
        int window = Math.max(LZMA2Options.DICT_SIZE_MIN, plainLength);
        options.setDictSize(Math.min(options.getDictSize(), window));
        return new XZOutputStream(stored, options, XZ.CHECK_CRC32);
    }

    @Override
    InputStream decoder(BufferInput stored, int room) throws IOException {
        int window = Math.max(USUAL_WINDOW, roundedUp(room));
        int limit = LZMA2InputStream.getMemoryUsage(window) + MARGIN_KIB;
        return XZCompressorInputStream.builder()
                .setInputStream(stored)
                .setMemoryLimitKiB(limit)
                .get();
    }

    @Override
    public Optional<InputStream> openFile(InputStream file) throws IOException {
        int limit = LZMA2InputStream.getMemoryUsage(LARGEST_WINDOW) + MARGIN_KIB;
        return Optional.of(
                XZCompressorInputStream.builder()
                        .setInputStream(file)
                        .setDecompressConcatenated(true)
                        .setMemoryLimitKiB(limit)
                        .get());
    }

    /** The next length of a window that the format can write. */
    private static int roundedUp(int length) {
        int power = Integer.highestOneBit(Math.max(length, LZMA2Options.DICT_SIZE_MIN));
        return power >= 1 << 29 ? LZMA2Options.DICT_SIZE_MAX : power << 1;
    }
}
