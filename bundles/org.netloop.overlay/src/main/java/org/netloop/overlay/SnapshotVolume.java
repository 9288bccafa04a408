package org.netloop.overlay;

import org.netloop.api.block.Digest;
import org.netloop.api.volume.Overlays.OpenSnapshot;
import org.netloop.api.volume.Volume;

import java.io.IOException;

/** A volume that shows a snapshot, read-only. Thread-safe. */
final class SnapshotVolume extends LayeredVolume implements OpenSnapshot {
    private final Snapshot snapshot;

    SnapshotVolume(String name, Volume base, Snapshot snapshot) {
        super(name, base, snapshot.contents(), "snapshot " + snapshot.last());
        this.snapshot = snapshot;
    }

    @Override
    public Digest base() {
        return snapshot.heading().base();
    }

    @Override
    public long nextChange(long offset) {
        return nextOwn(offset);
    }

    @Override
    public void close() throws IOException {
        snapshot.close();
    }
}
