package org.netloop.control.map;

import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Volume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Looks at the blocks of a range of a volume: at all of them if they are few, else at some in each
 * cell, and at more where something is stored near or known. Fetches nothing. Used by one thread.
 */
final class Survey {
    /** Looks at a cell before it is known which ones are of interest. */
    private static final int FIRST_LOOKS = 6;

    private final Volume volume;
    private final List<Cell> cells = new ArrayList<>();
    private final LongSupplier nanoTime;
    private long looksLeft;
    private boolean complete = true;

    /**
     * @param offset first byte; with the length, inside of the volume
     * @param most how many cells there may be; there are fewer if the range has fewer blocks
     * @throws IndexOutOfBoundsException if the range is outside of the volume
     */
    Survey(Volume volume, long offset, long length, int most, LongSupplier nanoTime) {
        this.volume = volume;
        this.nanoTime = nanoTime;
        Objects.checkFromIndexSize(offset, length, volume.size());
        long unit = volume.preferredLength();
        long units = length / unit + (length % unit == 0 ? 0 : 1);
        long count = Math.min(most, units);
        long first = offset;
        for (long at = 1; at <= count; at++) {
            long next = at == count ? offset + length : offset + units / count * at * unit;
            next = at == count ? next : next + Math.min(at, units % count) * unit;
            cells.add(new Cell(first, next));
            first = next;
        }
    }

    /**
     * Fills the cells.
     *
     * @param looks how many blocks are looked at, about
     * @param time after which it ends, whatever has been seen
     */
    void run(int looks, Duration time) {
        long end = nanoTime.getAsLong() + time.toNanos();
        looksLeft = looks;
        for (int at = 0; at < cells.size() && isInTime(end); at++) {
            look(cells.get(at), FIRST_LOOKS);
        }
        int interesting = (int) cells.stream().filter(Cell::isOfInterest).count();
        if (interesting == 0) {
            return;
        }
        long each = looksLeft / interesting;
        for (int at = 0; at < cells.size() && each > FIRST_LOOKS && isInTime(end); at++) {
            Cell coarse = cells.get(at);
            if (coarse.isOfInterest()) {
                Cell fine = new Cell(coarse.from(), coarse.to());
                look(fine, each);
                cells.set(at, fine);
            }
        }
    }

    private boolean isInTime(long end) {
        boolean inTime = nanoTime.getAsLong() - end < 0 && !Thread.currentThread().isInterrupted();
        complete &= inTime;
        return inTime;
    }

    private void look(Cell cell, long most) {
        long length = cell.to() - cell.from();
        long stride = length / most + (length % most == 0 ? 0 : 1);
        for (long at = cell.from(); at < cell.to(); ) {
            BlockState state = volume.state(at);
            looksLeft--;
            long end = Math.min(cell.to(), state.end());
            long next = Math.min(cell.to(), Math.max(state.end(), at + stride));
            cell.add(state, next - at, end >= next);
            at = next;
        }
    }

    /** Returns the cells in order. */
    List<Cell> cells() {
        return cells;
    }

    /** Returns whether not every block was looked at. */
    boolean isSampled() {
        return cells.stream().anyMatch(Cell::isSampled);
    }

    /** Returns whether it had time for all looks. */
    boolean isComplete() {
        return complete;
    }
}
