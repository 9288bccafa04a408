package org.netloop.control.map;

import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.BlockState.Place;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes of a part of a volume, by the place of their blocks. Used by one thread. */
final class Cell {
    private static final int PLACES = Place.values().length;
    private static final int WHOLE = 1000;

    private final long from;
    private final long to;
    private final long[] bytes = new long[PLACES];
    private long foreseen;
    private boolean sampled;

    /** A part from one offset up to another, exclusive, which is greater. */
    Cell(long from, long to) {
        this.from = from;
        this.to = to;
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    /** Returns whether not every block was looked at. */
    boolean isSampled() {
        return sampled;
    }

    /**
     * Adds what a look showed.
     *
     * @param count bytes that it stands for
     * @param exact whether all of them are of the block that was looked at
     */
    void add(BlockState state, long count, boolean exact) {
        bytes[state.place().ordinal()] += count;
        foreseen += state.foreseen() ? count : 0;
        sampled |= !exact;
    }

    private long looked() {
        return Arrays.stream(bytes).sum();
    }

    /**
     * Returns whether a closer look can show more: something of it is stored, and near or known.
     */
    boolean isOfInterest() {
        return sampled && looked() > bytes[Place.UNKNOWN.ordinal()] + bytes[Place.HOLE.ordinal()];
    }

    /**
     * Returns its first offset, the share of each place, and the share that is foreseen. Shares are
     * in thousandths; the smallest one that is not 0 is 1. All are 0 if nothing was looked at.
     */
    List<Long> shares() {
        List<Long> shares = new ArrayList<>(PLACES + 2);
        shares.add(from);
        for (long of : bytes) {
            shares.add(share(of));
        }
        shares.add(share(foreseen));
        return shares;
    }

    private long share(long of) {
        return of == 0 ? 0 : Math.max(1, Math.round((double) WHOLE * of / (to - from)));
    }
}
