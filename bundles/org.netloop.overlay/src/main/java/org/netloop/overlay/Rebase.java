package org.netloop.overlay;

import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries an overlay that is held over to another image. Its log stays as it is: only what it
 * stands on changes, by one file that is replaced. Used once, by one thread.
 */
final class Rebase {
    private static final Logger LOG = LoggerFactory.getLogger(Rebase.class);
    private static final int UNIT = Place.UNIT;

    private final Storage storage;
    private final OpenVolume from;
    private final OpenVolume to;
    private final ByteBuffer before = ByteBuffer.allocate(UNIT);
    private final ByteBuffer after = ByteBuffer.allocate(UNIT);
    private final List<Extent> conflicts = new ArrayList<>();

    Rebase(Storage storage, OpenVolume from, OpenVolume to) {
        this.storage = storage;
        this.from = from;
        this.to = to;
    }

    /**
     * Carries it over, or leaves all as it was.
     *
     * @param keepOwn to carry it over in spite of conflicts
     * @return the conflicts, in ascending order
     */
    List<Extent> run(boolean keepOwn) throws IOException, InterruptedException {
        Heading old = Heading.read(storage);
        old.require(from, storage.place());
        List<String> snapshots = List.copyOf(Snapshots.all(storage).keySet());
        if (!snapshots.isEmpty()) {
            throw new IOException(
                    "the overlay "
                            + storage.place()
                            + " has snapshots of what stands on the former image: "
                            + String.join(", ", snapshots)
                            + "; discard them first");
        }
        if (to.size() < from.size()) {
            throw new IOException(
                    "image "
                            + to.identity()
                            + " has "
                            + to.size()
                            + " bytes, fewer than the "
                            + from.size()
                            + " of the image that the overlay "
                            + storage.place()
                            + " stands on");
        }
        Extents extents = written(old);
        compare(extents);
        if (conflicts.isEmpty() || keepOwn) {
            long size = Math.max(old.size(), to.size());
            old.onto(to.identity(), to.size(), size).write(storage);
        }
        return conflicts;
    }

    /** Reads where something was written; the log stays as it is. */
    private Extents written(Heading heading) throws IOException {
        Replay replay = new Replay(storage, heading);
        try {
            List<Integer> dropped = replay.run(Integer.MAX_VALUE);
            LOG.debug("segments {} of {} do not count", dropped, storage.place());
            return replay.extents();
        } finally {
            replay.closeSegments();
        }
    }

    private void compare(Extents extents) throws IOException, InterruptedException {
        Run run = new Run();
        for (long unit = 0; unit < extents.units(); unit += run.count) {
            extents.find(unit, extents.units() - unit, run);
            if (run.place != Place.BASE) {
                compare(unit * UNIT, (unit + run.count) * UNIT);
            }
        }
    }

    /** Compares the images within a range, block by block. */
    private void compare(long start, long end) throws IOException, InterruptedException {
        for (long at = start; at < end; ) {
            long next = Math.min(end, nextBlock(at));
            if (!isSame(at, next)) {
                for (long unit = at; unit < next; unit += UNIT) {
                    compareUnit(unit);
                }
            }
            at = next;
        }
    }

    /** The next multiple of a unit at which a block of either image may begin. */
    private long nextBlock(long at) throws IOException, InterruptedException {
        long next = Long.MAX_VALUE - UNIT;
        for (OpenVolume image : List.of(from, to)) {
            next = at < image.size() ? Math.min(next, image.index().block(at).end()) : next;
        }
        return Math.max(at + UNIT, next / UNIT * UNIT);
    }

    /**
     * Returns whether one block, of the same name in both, has all bytes of a range. A block may
     * end within a unit, and the next one may differ.
     */
    private boolean isSame(long at, long end) throws IOException, InterruptedException {
        if (at >= from.size() || at >= to.size()) {
            return at >= to.size();
        }
        Block one = from.index().block(at);
        Block other = to.index().block(at);
        return one.offset() == other.offset()
                && one.length() == other.length()
                && one.end() >= end
                && (one.isHole() || other.isHole()
                        ? one.isHole() && other.isHole()
                        : one.identity().equals(other.identity()));
    }

    private void compareUnit(long at) throws IOException, InterruptedException {
        read(from, at, before);
        read(to, at, after);
        if (!before.equals(after)) {
            Extent last = conflicts.isEmpty() ? null : conflicts.getLast();
            if (last != null && last.end() == at) {
                conflicts.set(
                        conflicts.size() - 1,
                        new Extent(last.offset(), last.length() + UNIT, false));
            } else {
                conflicts.add(new Extent(at, UNIT, false));
            }
        }
    }

    /** Reads a unit; behind the end of an image there are zeros. */
    private static void read(OpenVolume image, long at, ByteBuffer into)
            throws IOException, InterruptedException {
        into.clear();
        int there = (int) Math.clamp(image.size() - at, 0, UNIT);
        if (there > 0) {
            image.read(at, into.limit(there));
        }
        into.limit(UNIT);
        while (into.hasRemaining()) {
            into.put((byte) 0);
        }
        into.flip();
    }
}
