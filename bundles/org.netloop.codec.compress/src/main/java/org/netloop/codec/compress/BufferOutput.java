package org.netloop.codec.compress;

import org.netloop.api.codec.CodecException;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A stream into the room of a buffer. Used by one thread. */
final class BufferOutput extends OutputStream {
    private final ByteBuffer buffer;

    BufferOutput(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public void write(int one) throws CodecException {
        require(1);
        buffer.put((byte) one);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws CodecException {
        require(length);
        buffer.put(from, offset, length);
    }

    private void require(int length) throws CodecException {
        if (length > buffer.remaining()) {
            throw new CodecException(
                    "the encoded block needs "
                            + length
                            + " bytes more where "
                            + buffer.remaining()
                            + " are left");
        }
    }
}
