package org.netloop.codec.compress;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The remaining bytes of a buffer as a stream that moves the buffer on. Used by one thread. */
final class BufferInput extends InputStream {
    private final ByteBuffer buffer;
    private int mark;

    BufferInput(ByteBuffer buffer) {
        this.buffer = buffer;
        this.mark = buffer.position();
    }

    @Override
    public int read() {
        return buffer.hasRemaining() ? buffer.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(into, offset, count);
        return count == 0 ? -1 : count;
    }

    @Override
    public long skip(long wanted) {
        int count = Math.clamp(wanted, 0, buffer.remaining());
        buffer.position(buffer.position() + count);
        return count;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int readLimit) {
        mark = buffer.position();
    }

    @Override
    public void reset() {
        buffer.position(mark);
    }
}
