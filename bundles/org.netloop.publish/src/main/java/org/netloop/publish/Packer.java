package org.netloop.publish;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Turns plain blocks into stored ones. Called by many threads at once. */
@FunctionalInterface
interface Packer {

    /**
     * Packs one block.
     *
     * @param plain its bytes; their position is left as it was
     * @param scratch where it may be encoded to
     */
    PackedBlock pack(long offset, ByteBuffer plain, ByteBuffer scratch)
            throws IOException, InterruptedException;
}
