package org.netloop.api.block;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * A slice of an image. Immutable. Slices do not overlap; their lengths may differ from one to the
 * next (the last one of an image, or all of a format with content-defined blocks).
 *
 * @param offset where in the image it begins, in bytes
 * @param length how many plain bytes it has, at least 1
 * @param storedOrNull where its stored form lies; null if it is all zeros and stored nowhere
 */
public record Block(long offset, int length, @Nullable StoredBlock storedOrNull) {

    /** Checks the ranges. */
    public Block {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("block at " + offset + " has a length of " + length);
        }
    }

    /** Where its stored form lies; empty if it is all zeros and stored nowhere. */
    public Optional<StoredBlock> stored() {
        return Optional.ofNullable(storedOrNull);
    }

    /** Whether it is all zeros and stored nowhere. */
    public boolean isHole() {
        return storedOrNull == null;
    }

    /** The offset of the first byte after it. */
    public long end() {
        return offset + length;
    }
}
