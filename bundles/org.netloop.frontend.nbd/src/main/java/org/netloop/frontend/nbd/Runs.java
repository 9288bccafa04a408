package org.netloop.frontend.nbd;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Finds runs of zeros in what was read, so that they can be sent as holes from one block on.
 *
 * @param grain the length of a block, a power of two: runs change at its multiples only
 */
record Runs(int grain) {

    /**
     * The run that bytes begin with: its length if it is data, its negative length if it is all
     * zeros.
     *
     * @param from where they lie in the buffer, up to whose limit may be looked
     * @param count how many they are, at least 1
     * @param offset where they lie in the volume
     */
    int first(ByteBuffer bytes, int from, int count, long offset) {
        int done = (int) Math.min(count, grain - (offset & grain - 1));
        boolean zeros = isZero(bytes, from, done);
        while (done < count) {
            int next = Math.min(count - done, grain);
            if (isZero(bytes, from + done, next) != zeros) {
                break;
            }
            done += next;
        }
        return zeros ? -done : done;
    }

    /** Returns whether the bytes are all zeros. */
    static boolean isZero(ByteBuffer bytes, int from, int count) {
        if (bytes.get(from) != 0 || count >= Long.BYTES && bytes.getLong(from) != 0) {
            return false;
        }
        // The first byte is zero, and each equals the one before it.
        MemorySegment all = MemorySegment.ofBuffer(bytes.slice(from, count));
        return MemorySegment.mismatch(all, 1, count, all, 0, count - 1L) < 0;
    }
}
