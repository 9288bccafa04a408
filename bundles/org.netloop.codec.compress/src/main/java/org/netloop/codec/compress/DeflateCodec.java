package org.netloop.codec.compress;

import org.netloop.api.codec.Codec;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The deflate format (RFC 1951) without any header or checksum. By the JDK, which Commons Compress
 * uses too: its own stream does not tell what it read beyond the end.
 */
@Component(service = Codec.class)
public final class DeflateCodec extends StreamCodec {

    /** For Declarative Services and {@link java.util.ServiceLoader}. */
    public DeflateCodec() {
        super("deflate", new Levels(1, 6, 9));
    }

    @Override
    OutputStream encoder(OutputStream stored, int plainLength, int level) {
        return new Encoding(stored, level);
    }

    @Override
    InputStream decoder(BufferInput stored, int room) {
        return new Decoding(stored);
    }

    private static final class Encoding extends DeflaterOutputStream {
        Encoding(OutputStream stored, int level) {
            super(stored, new Deflater(level, true));
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                def.end();
            }
        }
    }

    private static final class Decoding extends InflaterInputStream {
        private final BufferInput stored;
        private boolean ended;

        Decoding(BufferInput stored) {
            super(stored, new Inflater(true));
            this.stored = stored;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = super.read(into, offset, length);
            if (count < 0 && !ended) {
                ended = true;
                stored.unread(inf.getRemaining());
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                inf.end();
            }
        }
    }
}
