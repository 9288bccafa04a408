package org.netloop.api.block;

/**
 * A run of an image that is a hole throughout, or stored throughout.
 *
 * @param offset where it begins, in bytes
 * @param length how long it is, in bytes, at least 1
 * @param hole whether it is all zeros and stored nowhere
 */
public record Extent(long offset, long length, boolean hole) {

    /** Checks the ranges. */
    public Extent {
        if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException(
                    "extent at " + offset + " has a length of " + length);
        }
    }

    /** Returns the offset of the first byte after it. */
    public long end() {
        return offset + length;
    }
}
