package org.netloop.format.cloop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Makes stored blocks into what a cloop file has: each a zlib stream, also where that saves
 * nothing, of a whole block, also the last one. Used by one thread.
 */
final class ZlibBlocks implements AutoCloseable {
    /** Above what deflate adds to bytes that do not shrink: five bytes in 16 KiB, and its frame. */
    private static final int OVERHEAD_SHIFT = 10;

    private static final int FRAME = 64;

    private final int blockLength;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
    private final ByteBuffer zeros;

    ZlibBlocks(int blockLength) {
        this.blockLength = blockLength;
        this.zeros = deflate(ByteBuffer.allocate(blockLength));
    }

    /** A block of zeros. */
    ByteBuffer zeros() {
        return zeros.duplicate();
    }

    /**
     * A whole block.
     *
     * @param stored the stored bytes of a block that may be shorter
     * @param plain whether they are the plain bytes themselves; else a zlib stream
     * @param length how many plain bytes there are
     */
    ByteBuffer full(ByteBuffer stored, boolean plain, int length) throws IOException {
        if (!plain && length == blockLength) {
            return stored;
        }
        ByteBuffer whole = ByteBuffer.allocate(blockLength);
        if (plain) {
            whole.put(stored);
        } else {
            inflate(stored, whole);
        }
        return deflate(whole.clear());
    }

    private static void inflate(ByteBuffer stored, ByteBuffer into) throws IOException {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(stored);
            inflater.inflate(into);
        } catch (DataFormatException e) {
            throw new IOException("the codec zlib wrote something other than a zlib stream", e);
        }
    }

    private ByteBuffer deflate(ByteBuffer plain) {
        int most = plain.remaining() + (plain.remaining() >> OVERHEAD_SHIFT) + FRAME;
        ByteBuffer stored = ByteBuffer.allocate(most);
        deflater.reset();
        deflater.setInput(plain);
        deflater.finish();
        while (!deflater.finished()) {
            deflater.deflate(stored);
        }
        return stored.flip();
    }

    @Override
    public void close() {
        deflater.end();
    }
}
