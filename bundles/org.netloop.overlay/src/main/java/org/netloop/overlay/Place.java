package org.netloop.overlay;

/**
 * Location of a unit's bytes as one number: not in the overlay ({@link #BASE}), nowhere because
 * they are zeros, or at a position of a segment. A run of units whose data lie one after the other
 * has places that go up by a unit's length.
 */
final class Place {
    /** The length of a unit in bytes: the overlay maps no less. */
    static final int UNIT = 4096;

    /** The overlay has nothing of it. */
    static final long BASE = 0;

    private static final long ZERO_MARK = 0xFFFF_FFFFL;

    private Place() {}

    static long data(int segment, long position) {
        return (long) segment << Integer.SIZE | position;
    }

    /** Zeros that a record of that segment told. */
    static long zero(int segment) {
        return (long) segment << Integer.SIZE | ZERO_MARK;
    }

    static boolean isData(long place) {
        return place != BASE && !isZero(place);
    }

    static boolean isZero(long place) {
        return (place & ZERO_MARK) == ZERO_MARK;
    }

    static int segment(long place) {
        return (int) (place >>> Integer.SIZE);
    }

    static long position(long place) {
        return place & ZERO_MARK;
    }

    /** The place of the unit so many units further on in a run. */
    static long plus(long place, long units) {
        return isData(place) ? place + units * UNIT : place;
    }
}
