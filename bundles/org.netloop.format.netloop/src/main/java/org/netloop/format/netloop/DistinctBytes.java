package org.netloop.format.netloop;

import org.netloop.api.block.StoredBlock;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Sums up the lengths of stored blocks, each content once. Contents are told apart by 64 bits of
 * their digests, and remembered up to a bound: beyond it a content that comes back is counted
 * again, which depends on the image alone.
 */
final class DistinctBytes {
    private static final int REMEMBERED = 1 << 20;

    private final Set<Long> seen = new HashSet<>();
    private long sum;

    void add(StoredBlock block) {
        long name = ByteBuffer.wrap(block.key().bytes()).getLong();
        boolean fresh = seen.size() < REMEMBERED ? seen.add(name) : !seen.contains(name);
        if (fresh) {
            sum += block.length();
        }
    }

    long sum() {
        return sum;
    }
}
