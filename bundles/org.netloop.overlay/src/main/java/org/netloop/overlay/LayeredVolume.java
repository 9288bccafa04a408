package org.netloop.overlay;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.BlockState;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The reading side of an overlay: what was written lies in segments, all else is read from the
 * volume below. Where nothing was written a read costs a look at one field. Thread-safe.
 */
abstract class LayeredVolume implements Volume {
    private static final int UNIT = Place.UNIT;

    /** State is told of so many bytes at most. */
    private static final long LONGEST_RUN = 1 << 30;

    private final String name;
    private final Volume base;
    private final Extents extents;
    private final Segments segments;
    private final long size;
    private final Digest identity;

    /**
     * @param kind with the heading, names the content: what comes back under both has what was
     *     written
     */
    LayeredVolume(String name, Volume base, Contents contents, String kind) {
        this.name = name;
        this.base = base;
        this.extents = contents.extents();
        this.segments = contents.segments();
        this.size = contents.heading().size();
        this.identity = identity(contents.heading(), kind);
    }

    private static Digest identity(Heading heading, String kind) {
        String text = kind + " " + heading.id() + " " + heading.base() + " " + heading.size();
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final long size() {
        return size;
    }

    @Override
    public final Digest identity() {
        return identity;
    }

    @Override
    public final int preferredLength() {
        return base.preferredLength();
    }

    @Override
    public final void read(long offset, ByteBuffer into)
            throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, into.remaining(), size);
        if (extents.isUntouched(offset, into.remaining())) {
            readBase(offset, into);
            return;
        }
        int end = into.limit();
        Run run = new Run();
        for (long at = offset; into.hasRemaining(); ) {
            int count = find(at, into.remaining(), run);
            into.limit(into.position() + count);
            boolean done = true;
            if (run.place == Place.BASE) {
                readBase(at, into);
            } else {
                done = readOwn(at, run.place, into);
            }
            into.limit(end);
            at += done ? count : 0;
        }
    }

    /** The run at an offset; how many bytes of it, up to {@code most}, there are. */
    private int find(long at, long most, Run run) {
        long unit = at / UNIT;
        int within = (int) (at % UNIT);
        extents.find(unit, (within + most + UNIT - 1) / UNIT, run);
        return (int) Math.min(most, run.count * UNIT - within);
    }

    private void readBase(long offset, ByteBuffer into)
            throws VolumeException, InterruptedException {
        int end = into.limit();
        long there = Math.max(0, Math.min(into.remaining(), base.size() - offset));
        if (there > 0) {
            into.limit(into.position() + (int) there);
            base.read(offset, into);
            into.limit(end);
        }
        putZeros(into);
    }

    private static void putZeros(ByteBuffer into) {
        while (into.remaining() >= Long.BYTES) {
            into.putLong(0);
        }
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
    }

    /** False, having read nothing, if it lies elsewhere by now. */
    private boolean readOwn(long at, long place, ByteBuffer into) throws VolumeException {
        if (Place.isZero(place)) {
            putZeros(into);
            return true;
        }
        int start = into.position();
        try {
            boolean read = segments.read(place, at % UNIT, into);
            if (!read) {
                into.position(start);
            }
            return read;
        } catch (IOException e) {
            throw failure("read", at, e);
        }
    }

    /** Tells a reader or writer why something failed. */
    final VolumeException failure(String what, long at, IOException why) {
        String told = "volume " + name + ": the " + what + " at " + at + " failed: ";
        return switch (why) {
            case VolumeException e -> e;
            case StorageFullException e -> new VolumeException.NoSpace(told + e.getMessage(), e);
            default -> new VolumeException.Io(told + why.getMessage(), why);
        };
    }

    /** Reads if present; written data counts as present, because it lies on this machine. */
    @Override
    public final boolean readIfPresent(long offset, ByteBuffer into) {
        Objects.checkFromIndexSize(offset, into.remaining(), size);
        boolean inside = offset + into.remaining() <= base.size();
        if (inside && extents.isUntouched(offset, into.remaining())) {
            return base.readIfPresent(offset, into);
        }
        int start = into.position();
        int end = into.limit();
        boolean present = false;
        try {
            present = readPresent(offset, into);
        } finally {
            into.limit(end);
            if (!present) {
                into.position(start);
            }
        }
        return present;
    }

    private boolean readPresent(long offset, ByteBuffer into) {
        int end = into.limit();
        Run run = new Run();
        for (long at = offset; into.hasRemaining(); ) {
            int count = find(at, into.remaining(), run);
            into.limit(into.position() + count);
            if (!readPresent(at, run.place, into)) {
                return false;
            }
            into.limit(end);
            at += count;
        }
        return true;
    }

    private boolean readPresent(long at, long place, ByteBuffer into) {
        if (place == Place.BASE) {
            return at + into.remaining() <= base.size() && base.readIfPresent(at, into);
        }
        try {
            return readOwn(at, place, into);
        } catch (VolumeException _) {
            return false; // told to whoever waits for it
        }
    }

    @Override
    public final Extent extent(long offset, long length)
            throws VolumeException, InterruptedException {
        Objects.checkFromIndexSize(offset, length, size);
        Run run = new Run();
        long count = findKind(offset, length, run);
        if (run.place != Place.BASE) {
            return new Extent(offset, count, Place.isZero(run.place));
        }
        if (offset >= base.size()) {
            return new Extent(offset, count, true);
        }
        return base.extent(offset, Math.min(count, base.size() - offset));
    }

    @Override
    public final BlockState state(long offset) {
        Objects.checkIndex(offset, size);
        Run run = new Run();
        long end = offset + find(offset, Math.min(size - offset, LONGEST_RUN), run);
        if (run.place != Place.BASE) {
            return new BlockState(BlockState.Place.OVERLAID, false, end);
        }
        if (offset >= base.size()) {
            return new BlockState(BlockState.Place.HOLE, false, end);
        }
        BlockState below = base.state(offset);
        return new BlockState(below.place(), below.foreseen(), Math.min(below.end(), end));
    }

    /** Finds like {@link #find(long, long, Run)}, over all consecutive runs of one kind. */
    private long findKind(long at, long most, Run run) {
        long end = at + most;
        extents.find(at / UNIT, Extents.units(end) - at / UNIT, run);
        long first = run.place;
        long found = (at / UNIT + run.count) * UNIT;
        while (found < end && kind(extents.at(found / UNIT)) == kind(first)) {
            extents.find(found / UNIT, Extents.units(end) - found / UNIT, run);
            found += run.count * UNIT;
        }
        run.place = first;
        return Math.min(found, end) - at;
    }

    /** Returns the first byte from an offset on that may not be the base's; the size if none. */
    final long nextOwn(long offset) {
        if (offset >= size) {
            return size;
        }
        Run run = new Run();
        long same = findKind(offset, size - offset, run);
        long next = run.place == Place.BASE ? offset + same : offset;
        return Math.min(next, Math.max(offset, Math.min(base.size(), size)));
    }

    private static int kind(long place) {
        return place == Place.BASE ? 0 : Place.isZero(place) ? 1 : 2;
    }
}
