package org.netloop.api.volume;

/**
 * Place of the bytes of one block at present. Immutable.
 *
 * @param place where they are
 * @param foreseen whether the profile that the volume follows reads the block
 * @param end offset of the first byte after the block, or after as many bytes as the state is known
 *     for
 */
public record BlockState(Place place, boolean foreseen, long end) {

    /** The places, from the farthest to the nearest. */
    public enum Place {
        /** Not known without fetching: the part of the map that says so is not loaded. */
        UNKNOWN,
        /** All zeros, and stored nowhere. */
        HOLE,
        /** Stored on the mirrors alone. */
        REMOTE,
        /** Being fetched from a mirror. */
        FETCHING,
        /** Kept in the cache of stored blocks on this machine. */
        CACHED,
        /** Kept in the cache of plain blocks in memory. */
        MEMORY,
        /** Written here: it lies in an overlay. */
        OVERLAID
    }

    /** Checks the end. */
    public BlockState {
        if (end < 1) {
            throw new IllegalArgumentException("a block ends at " + end);
        }
    }
}
