package org.netloop.overlay;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The places of the units of a region of the volume. A few runs are kept as such, immutable; many
 * become one number for each unit, in native memory. Read by many threads while one changes it.
 */
abstract sealed class Region {
    /** Number of units in a region. */
    static final int UNITS = 4096;

    /** More runs than that take more memory than a number for each unit would be worth. */
    private static final int MOST_RUNS = 128;

    /** Is told what a change replaces. */
    @FunctionalInterface
    interface Replaced {
        /**
         * Reports that {@code count} units had places of that kind, in the segment of that place.
         */
        void units(long place, long count);
    }

    /** The run at a unit, up to {@code most} units long. */
    abstract void find(int unit, int most, Run into);

    /** The region once units from {@code from} up to {@code to} have other places. */
    abstract Region with(int from, int to, long place);

    /** A region with nothing but one run. */
    static Region of(int from, int to, long place) {
        return new Runs(new char[] {(char) from}, new char[] {(char) to}, new long[] {place});
    }

    /** Tells what lies in a range. */
    final void tell(int from, int to, Replaced replaced) {
        Run run = new Run();
        for (int at = from; at < to; at += (int) run.count) {
            find(at, to - at, run);
            if (run.place != Place.BASE) {
                replaced.units(run.place, run.count);
            }
        }
    }

    /** Runs in ascending order; what lies between them is the base's. Immutable. */
    private static final class Runs extends Region {
        private final char[] starts;
        private final char[] ends;
        private final long[] places;

        Runs(char[] starts, char[] ends, long[] places) {
            this.starts = starts;
            this.ends = ends;
            this.places = places;
        }

        /** The first run that ends behind a unit. */
        private int firstEndingAfter(int unit) {
            int low = 0;
            int high = ends.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (ends[middle] > unit) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low;
        }

        @Override
        void find(int unit, int most, Run into) {
            int at = firstEndingAfter(unit);
            if (at == starts.length || starts[at] > unit) {
                into.place = Place.BASE;
                into.count = Math.min(most, (at == starts.length ? UNITS : starts[at]) - unit);
            } else {
                into.place = Place.plus(places[at], unit - starts[at]);
                into.count = Math.min(most, ends[at] - unit);
            }
        }

        @Override
        Region with(int from, int to, long place) {
            Builder made = new Builder(starts.length + 2);
            for (int i = 0; i < starts.length; i++) {
                if (starts[i] < from) {
                    made.add(starts[i], Math.min(ends[i], from), places[i]);
                }
                if (ends[i] > to) {
                    if (!made.has(from)) {
                        made.add(from, to, place);
                    }
                    int start = Math.max(starts[i], to);
                    made.add(start, ends[i], Place.plus(places[i], start - starts[i]));
                }
            }
            if (!made.has(from)) {
                made.add(from, to, place);
            }
            return made.count > MOST_RUNS ? new Units(made) : made.runs();
        }
    }

    /** Collects runs in ascending order, and joins those that are one. */
    private static final class Builder {
        private final char[] starts;
        private final char[] ends;
        private final long[] places;
        private int count;
        private int added = -1;

        Builder(int most) {
            starts = new char[most];
            ends = new char[most];
            places = new long[most];
        }

        /** Returns whether a run was added that starts there or later. */
        boolean has(int from) {
            return added >= from;
        }

        void add(int start, int end, long place) {
            added = start;
            int last = count - 1;
            if (last >= 0
                    && ends[last] == start
                    && Place.plus(places[last], start - starts[last]) == place) {
                ends[last] = (char) end;
                return;
            }
            starts[count] = (char) start;
            ends[count] = (char) end;
            places[count++] = place;
        }

        Runs runs() {
            return new Runs(
                    java.util.Arrays.copyOf(starts, count),
                    java.util.Arrays.copyOf(ends, count),
                    java.util.Arrays.copyOf(places, count));
        }
    }

    /** A place for each unit. Each changes at once; a reader may see some changed and some not. */
    private static final class Units extends Region {
        private static final VarHandle PLACE = ValueLayout.JAVA_LONG.varHandle();

        private final MemorySegment places;

        Units(Builder runs) {
            places = Arena.ofAuto().allocate((long) UNITS * Long.BYTES, Long.BYTES);
            for (int i = 0; i < runs.count; i++) {
                set(runs.starts[i], runs.ends[i], runs.places[i]);
            }
        }

        private void set(int from, int to, long place) {
            for (int unit = from; unit < to; unit++) {
                PLACE.setRelease(places, (long) unit * Long.BYTES, Place.plus(place, unit - from));
            }
        }

        private long get(int unit) {
            return (long) PLACE.getAcquire(places, (long) unit * Long.BYTES);
        }

        @Override
        void find(int unit, int most, Run into) {
            long place = get(unit);
            int end = unit + 1;
            while (end < unit + most && get(end) == Place.plus(place, end - unit)) {
                end++;
            }
            into.place = place;
            into.count = (long) end - unit;
        }

        @Override
        Region with(int from, int to, long place) {
            if (to - from == UNITS) {
                return Region.of(from, to, place);
            }
            set(from, to, place);
            return this;
        }
    }

    /** Returns a region like {@link #with}, from one that may not exist yet. */
    static Region changed(@Nullable Region region, int from, int to, long place) {
        return region == null ? of(from, to, place) : region.with(from, to, place);
    }
}
