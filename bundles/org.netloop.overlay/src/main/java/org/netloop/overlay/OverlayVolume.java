package org.netloop.overlay;

import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A volume that takes writes, into a journal. Thread-safe. */
class OverlayVolume extends LayeredVolume {
    private static final int UNIT = Place.UNIT;

    private final Journal journal;
    private final Extents extents;
    private final UnitWriter writer;

    @SuppressWarnings("this-escape") // the writer uses it only once it is asked to write
    OverlayVolume(String name, Volume base, Journal journal) {
        super(name, base, journal.contents(), "overlay");
        this.journal = journal;
        this.extents = journal.extents();
        this.writer = new UnitWriter(this, journal);
    }

    @Override
    public final boolean isWritable() {
        return true;
    }

    @Override
    public final void write(long offset, ByteBuffer from)
            throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, from.remaining(), size());
        for (long at = offset; from.hasRemaining(); ) {
            int room = Journal.MOST_DATA - (int) (at % UNIT);
            int count = Math.min(from.remaining(), room);
            ByteBuffer piece = from.slice(from.position(), count);
            try {
                writer.write(at, piece);
            } catch (IOException e) {
                throw failure("write", at, e);
            }
            from.position(from.position() + count);
            at += count;
        }
    }

    @Override
    public final void zero(long offset, long length, boolean keepRoom)
            throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, length, size());
        if (keepRoom) {
            writeZeros(offset, length);
            return;
        }
        long first = (offset + UNIT - 1) / UNIT;
        long end = offset + length == size() ? extents.units() : (offset + length) / UNIT;
        if (first >= end) {
            writeZeros(offset, length);
            return;
        }
        writeZeros(offset, first * UNIT - offset);
        zeroUnits(first, end);
        writeZeros(end * UNIT, Math.max(0, offset + length - end * UNIT));
    }

    private void zeroUnits(long first, long end) throws VolumeException, InterruptedException {
        try {
            journal.zero(first, end - first);
        } catch (IOException e) {
            throw failure("zeroing", first * UNIT, e);
        }
    }

    private void writeZeros(long offset, long length) throws VolumeException, InterruptedException {
        int most = Journal.MOST_DATA;
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(length, most));
        for (long at = offset; at < offset + length; ) {
            int count = (int) Math.min(offset + length - at, most - at % UNIT);
            write(at, zeros.clear().limit(count));
            at += count;
        }
    }

    /** Whole units become zeros, which gives their room back; what is left over stays. */
    @Override
    public final void trim(long offset, long length) throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, length, size());
        long first = (offset + UNIT - 1) / UNIT;
        long end = offset + length == size() ? extents.units() : (offset + length) / UNIT;
        if (first < end) {
            zeroUnits(first, end);
        }
    }

    @Override
    public final void flush() throws VolumeException, InterruptedException {
        try {
            journal.flush();
        } catch (IOException e) {
            throw failure("flush", 0, e);
        }
    }
}
