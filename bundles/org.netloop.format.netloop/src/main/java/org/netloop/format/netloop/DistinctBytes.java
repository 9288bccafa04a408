package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;

import java.nio.ByteBuffer;

/**
 * Sums up the lengths of stored blocks, each content once. Contents are told apart by 64 bits of
 * their digests, and the first {@value #MOST} of them are remembered: one that comes later is
 * counted each time. The sum depends on nothing but the blocks and their order.
 */
final class DistinctBytes {
    static final int MOST = 1 << 21;
    private static final int SMALLEST = 1 << 10;
    private static final long EMPTY = 0;

    /** Open addressing; at least half of it is {@link #EMPTY}. At most 32 MiB. */
    private long[] names = new long[SMALLEST];

    private int count;
    private long sum;

    void add(StoredBlock block) {
        if (isNew(name(block.key()))) {
            sum += block.length();
        }
    }

    private static long name(Digest digest) {
        long name = ByteBuffer.wrap(digest.bytes()).getLong();
        return name == EMPTY ? 1 : name;
    }

    private boolean isNew(long name) {
        int slot = slot(name);
        if (names[slot] == name) {
            return false;
        }
        if (count < MOST) {
            names[slot] = name;
            count++;
            if (count > names.length / 2) {
                grow();
            }
        }
        return true;
    }

    /** Returns the slot of a name, or the free slot where it belongs. */
    private int slot(long name) {
        int slot = (int) name & names.length - 1;
        while (names[slot] != EMPTY && names[slot] != name) {
            slot = slot + 1 & names.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] old = names;
        names = new long[2 * old.length];
        for (long name : old) {
            if (name != EMPTY) {
                names[slot(name)] = name;
            }
        }
    }

    long sum() {
        return sum;
    }
}
