package org.netloop.overlay;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Says for each unit of a volume where its bytes lie. Takes memory only for regions that were
 * written: 12 bytes for a run, at most 8 bytes for a unit. Read by many threads without a lock
 * while one thread changes it.
 */
final class Extents {
    private final AtomicReferenceArray<@Nullable Region> regions;
    private final long units;

    /** Creates the extents of a volume of {@code size} bytes, all in the base. */
    Extents(long size) {
        units = units(size);
        regions = new AtomicReferenceArray<>((int) ((units + Region.UNITS - 1) / Region.UNITS));
    }

    /** Returns the number of units that many bytes have; the last one may be short. */
    static long units(long bytes) {
        return (bytes + Place.UNIT - 1) / Place.UNIT;
    }

    /** Returns whether nothing near a range of bytes was ever written. */
    boolean isUntouched(long offset, long length) {
        if (length == 0) {
            return true;
        }
        int last = (int) ((offset + length - 1) / Place.UNIT / Region.UNITS);
        for (int at = (int) (offset / Place.UNIT / Region.UNITS); at <= last; at++) {
            if (regions.get(at) != null) {
                return false;
            }
        }
        return true;
    }

    /** The run at a unit, up to {@code most} units long; it may go on where it ends. */
    void find(long unit, long most, Run into) {
        int inRegion = (int) (unit % Region.UNITS);
        int count = (int) Math.min(most, Region.UNITS - inRegion);
        Region region = regions.get((int) (unit / Region.UNITS));
        if (region == null) {
            into.place = Place.BASE;
            into.count = count;
        } else {
            region.find(inRegion, count, into);
        }
    }

    /** The place of one unit. */
    long at(long unit) {
        Run run = new Run();
        find(unit, 1, run);
        return run.place;
    }

    /**
     * Gives units other places; only one thread at a time may.
     *
     * @param replaced is told what they had before, unless that was the base
     */
    void put(long unit, long count, long place, Region.Replaced replaced) {
        Region whole = null;
        for (long at = unit; at < unit + count; ) {
            int index = (int) (at / Region.UNITS);
            int from = (int) (at % Region.UNITS);
            int to = (int) Math.min(Region.UNITS, from + unit + count - at);
            Region before = regions.get(index);
            if (before != null) {
                before.tell(from, to, replaced);
            }
            long here = Place.plus(place, at - unit);
            Region after;
            if (Place.isZero(place) && to - from == Region.UNITS) {
                // The regions of a wide range of zeros are one object.
                whole = whole == null ? Region.of(0, Region.UNITS, place) : whole;
                after = whole;
            } else {
                after = Region.changed(before, from, to, here);
            }
            if (after != before) {
                regions.set(index, after);
            }
            at += to - from;
        }
    }

    /** Returns the number of units of the volume. */
    long units() {
        return units;
    }
}
