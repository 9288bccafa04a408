package org.netloop.overlay;

/**
 * Size limits of an overlay.
 *
 * @param budget how many bytes its files may take; {@link #UNLIMITED} for as many as there are
 * @param segmentLength how many bytes a segment has, about
 */
record Limits(long budget, long segmentLength) {
    /** Budget that is limited by the disk only. */
    static final long UNLIMITED = Long.MAX_VALUE;

    /** The least budget, in bytes: room for a few segments, and for cleaning. */
    static final long LEAST = 16 << 20;

    private static final long LARGEST_SEGMENT = 64 << 20;
    private static final long SMALLEST_SEGMENT = 1 << 20;
    private static final int SEGMENTS_OF_BUDGET = 16;

    /**
     * Creates the limits of a budget.
     *
     * @throws IllegalArgumentException if it is too small
     */
    static Limits of(long budget) {
        if (budget < LEAST) {
            throw new IllegalArgumentException(
                    "a budget of "
                            + budget
                            + " bytes is too small for an overlay: give it at least "
                            + (LEAST >> 20)
                            + " MiB");
        }
        return new Limits(
                budget, Math.clamp(budget / SEGMENTS_OF_BUDGET, SMALLEST_SEGMENT, LARGEST_SEGMENT));
    }

    /** Tells a writer that there is no room. */
    StorageFullException usedUp(String place) {
        return new StorageFullException(
                "the overlay "
                        + place
                        + " has used up its budget of "
                        + (budget >> 20)
                        + " MiB: give it more, or trim what is not needed");
    }

    /** Returns the bytes left for cleaning when a writer is refused for lack of room. */
    long reserve() {
        return segmentLength * 2;
    }
}
