package org.netloop.publish;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Tells blocks of all zeros from others, at the speed of memory. */
final class Zeros {
    /** Small enough to stay in the first-level cache while a block streams by. */
    private static final int STEP = 8 << 10;

    private static final MemorySegment ZEROS =
            MemorySegment.ofBuffer(ByteBuffer.allocateDirect(STEP).asReadOnlyBuffer());

    private Zeros() {}

    /** Returns whether all remaining bytes are zero; the position stays. */
    static boolean all(ByteBuffer bytes) {
        MemorySegment segment = MemorySegment.ofBuffer(bytes);
        long length = segment.byteSize();
        for (long at = 0; at < length; at += STEP) {
            long step = Math.min(STEP, length - at);
            if (MemorySegment.mismatch(segment, at, at + step, ZEROS, 0, step) >= 0) {
                return false;
            }
        }
        return true;
    }
}
