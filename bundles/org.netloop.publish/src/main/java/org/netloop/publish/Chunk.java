package org.netloop.publish;

import java.nio.ByteBuffer;

/**
 * Some consecutive blocks of an image on their way, and the memory to encode one of them. There is
 * a fixed number of them, which bounds the memory of a publishing.
 */
final class Chunk {
    private final ByteBuffer plain;
    private final ByteBuffer scratch;

    /**
     * An empty chunk.
     *
     * @param plainLength how many plain bytes it holds at the most
     * @param scratchLength how many bytes one of its blocks may be encoded to
     */
    Chunk(int plainLength, int scratchLength) {
        this.plain = ByteBuffer.allocateDirect(plainLength);
        this.scratch = ByteBuffer.allocateDirect(scratchLength);
    }

    /** The plain bytes. */
    ByteBuffer plain() {
        return plain;
    }

    /** Returns the empty buffer that a block is encoded into. */
    ByteBuffer scratch() {
        return scratch.clear();
    }
}
