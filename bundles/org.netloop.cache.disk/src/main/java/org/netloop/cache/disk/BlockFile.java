package org.netloop.cache.disk;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * A block in its file. Big-endian:
 *
 * <pre>
 * file = magic:u32 length:u32 check:u32 payload
 * </pre>
 *
 * The check is CRC-32C (RFC 3720 appendix B.4) over the key's text, the length and the payload: it
 * tells a file that was cut, garbled or put in the wrong place, as power cuts leave them.
 */
final class BlockFile {
    static final int HEADER_LENGTH = 12;
    static final int MAX_PAYLOAD = 64 << 20;
    private static final int MAGIC = 0x4E4C4331; // NLC1

    private BlockFile() {}

    static void write(FileChannel file, Digest key, ByteBuffer payload) throws IOException {
        int length = payload.remaining();
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
        header.putInt(MAGIC).putInt(length).putInt(check(key, length, payload.duplicate())).flip();
        ByteBuffer[] parts = {header, payload};
        while (payload.hasRemaining()) {
            file.write(parts);
        }
    }

    /** The payload of a file, in a buffer from the pool; null if the file is damaged. */
    static BufferRecycler.@Nullable Buffer read(
            FileChannel file, Digest key, BufferRecycler buffers) throws IOException {
        long size = file.size();
        if (size <= HEADER_LENGTH || size > HEADER_LENGTH + MAX_PAYLOAD) {
            return null;
        }
        BufferRecycler.Buffer buffer = buffers.take((int) size);
        boolean good = false;
        try {
            good = isRead(file, key, buffer.bytes().limit((int) size));
        } finally {
            if (!good) {
                buffers.give(buffer);
            }
        }
        return good ? buffer : null;
    }

    /** Fills a buffer up to its limit and leaves the payload in it; false if it is damaged. */
    private static boolean isRead(FileChannel file, Digest key, ByteBuffer buffer)
            throws IOException {
        int size = buffer.limit();
        while (buffer.hasRemaining() && file.read(buffer) >= 0) {
            // until it is full, or the file was cut meanwhile
        }
        buffer.flip();
        return buffer.limit() == size
                && buffer.getInt() == MAGIC
                && buffer.getInt() == size - HEADER_LENGTH
                && buffer.getInt() == check(key, size - HEADER_LENGTH, buffer.duplicate());
    }

    private static int check(Digest key, int length, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(key.bytes());
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, length));
        crc.update(payload);
        return (int) crc.getValue();
    }
}
