package org.netloop.overlay;

import org.netloop.api.volume.Volume;

import java.io.IOException;
import java.util.List;

/**
 * A snapshot that is open. Its segments stay as they are while it exists, so it is read beside
 * whoever writes to the overlay. Thread-safe.
 */
final class Snapshot implements Layer {
    private final Storage storage;
    private final Contents contents;
    private final int last;

    private Snapshot(Storage storage, Contents contents, int last) {
        this.storage = storage;
        this.contents = contents;
        this.last = last;
    }

    /**
     * Opens a snapshot.
     *
     * @param storage closed with it, and also if it cannot be opened
     * @param name the snapshot's
     * @param base what it must stand on
     */
    static Snapshot open(Storage storage, String name, Volume base) throws IOException {
        boolean opened = false;
        try {
            Heading heading = Heading.read(storage);
            heading.require(base, storage.place());
            int last = Snapshots.last(storage, name);
            Snapshot snapshot = new Snapshot(storage, replayed(storage, heading, last), last);
            opened = true;
            return snapshot;
        } finally {
            if (!opened) {
                storage.close();
            }
        }
    }

    private static Contents replayed(Storage storage, Heading heading, int last)
            throws IOException {
        Replay replay = new Replay(storage, heading);
        boolean whole = false;
        try {
            List<Integer> dropped = replay.run(last);
            boolean reaches =
                    !replay.segments().isEmpty() && replay.segments().getLast().number() == last;
            whole = dropped.isEmpty() && replay.isComplete() && reaches;
            if (!whole) {
                throw new IOException(
                        "a snapshot in "
                                + storage.place()
                                + " is damaged: not all of its log can be read; discard it");
            }
            Segments segments = new Segments(storage, replay.cleaned());
            replay.segments().forEach(segments::add);
            return new Contents(heading, replay.extents(), segments);
        } finally {
            if (!whole) {
                replay.closeSegments();
            }
        }
    }

    Contents contents() {
        return contents;
    }

    /** Returns the number of its last segment, which no other snapshot of other content has. */
    int last() {
        return last;
    }

    @Override
    public Heading heading() {
        return contents.heading();
    }

    @Override
    public SnapshotVolume over(String name, Volume base) {
        return new SnapshotVolume(name, base, this);
    }

    @Override
    public void close() throws IOException {
        try (storage) {
            contents.segments().close();
        }
    }
}
