package org.netloop.api.index;

import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;

/**
 * A block of an earlier image that a delta refers to. A reader may hold it in either of two forms:
 * as it is stored, or rebuilt from a delta of its own.
 *
 * @param stored its stored form, verified by the digest of its stored bytes
 * @param length number of its plain bytes, at least 1
 * @param plain digest of its plain bytes
 */
public record DeltaBase(StoredBlock stored, int length, Digest plain) {

    /** Checks the length. */
    public DeltaBase {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "block " + stored.key().brief() + " has " + length + " plain bytes");
        }
    }
}
