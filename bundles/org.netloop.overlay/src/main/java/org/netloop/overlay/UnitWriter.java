package org.netloop.overlay;

import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes bytes as whole units: what stands before and behind them in their first and last unit is
 * read first, without a lock, and written only if nothing was written there meanwhile. Thread-safe.
 */
final class UnitWriter {
    private static final int UNIT = Place.UNIT;

    private final Volume volume;
    private final Journal journal;
    private final Extents extents;

    /**
     * Reads by the volume, writes to its journal.
     *
     * @param volume may still be under construction
     */
    UnitWriter(Volume volume, Journal journal) {
        this.volume = volume;
        this.journal = journal;
        this.extents = journal.extents();
    }

    /** Writes bytes that touch at most {@link Journal#MOST_DATA} bytes of units. */
    void write(long offset, ByteBuffer piece) throws IOException, InterruptedException {
        long end = offset + piece.remaining();
        if (offset % UNIT == 0 && end % UNIT == 0) {
            journal.data(offset / UNIT, piece, () -> true);
            return;
        }
        Edges edges = new Edges(offset / UNIT, Extents.units(end) - offset / UNIT);
        ByteBuffer whole = ByteBuffer.allocate((int) edges.count * UNIT);
        do {
            edges.look();
            fill(edges, whole, offset, end);
            whole.clear().put((int) (offset % UNIT), piece, 0, piece.remaining());
        } while (!journal.data(edges.first, whole, edges::areAsSeen));
    }

    private void fill(Edges edges, ByteBuffer whole, long offset, long end)
            throws VolumeException, InterruptedException {
        long start = edges.first * UNIT;
        if (offset > start || edges.count == 1) {
            readUnit(edges.first, whole, 0);
        }
        long last = edges.first + edges.count - 1;
        if (end % UNIT != 0 && edges.count > 1) {
            readUnit(last, whole, (int) (last * UNIT - start));
        }
    }

    private void readUnit(long unit, ByteBuffer whole, int position)
            throws VolumeException, InterruptedException {
        int length = (int) Math.min(UNIT, volume.size() - unit * UNIT);
        volume.read(unit * UNIT, whole.clear().position(position).limit(position + length));
    }

    /** Places of the first and the last unit of a write, as they were read. */
    private final class Edges {
        private final long first;
        private final long count;
        private long firstPlace;
        private long lastPlace;

        Edges(long first, long count) {
            this.first = first;
            this.count = count;
        }

        void look() {
            firstPlace = extents.at(first);
            lastPlace = extents.at(first + count - 1);
        }

        /** Another write, or a cleaning, may have come between. */
        boolean areAsSeen() {
            return extents.at(first) == firstPlace && extents.at(first + count - 1) == lastPlace;
        }
    }
}
