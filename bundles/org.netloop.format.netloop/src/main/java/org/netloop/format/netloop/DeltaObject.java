package org.netloop.format.netloop;

import org.netloop.api.block.Digest;

/**
 * An object that holds deltas, one after the other.
 *
 * @param digest of its bytes, which names it
 * @param length number of its bytes
 */
record DeltaObject(Digest digest, int length) {
    /** Longest object: holds the deltas of nearly every update, and fits into memory. */
    static final int MAX_LENGTH = 32 << 20;

    String path() {
        return Layout.block(digest);
    }
}
