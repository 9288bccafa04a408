package org.netloop.format.netloop;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The remaining bytes of a buffer, whose position is left as it was. */
final class ByteBufferInputStream extends InputStream {
    private final ByteBuffer bytes;

    ByteBufferInputStream(ByteBuffer bytes) {
        this.bytes = bytes.duplicate();
    }

    @Override
    public int read() {
        return bytes.hasRemaining() ? Byte.toUnsignedInt(bytes.get()) : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int read = Math.min(length, bytes.remaining());
        bytes.get(into, offset, read);
        return read == 0 && length > 0 ? -1 : read;
    }
}
