package org.netloop.overlay;

import org.netloop.api.block.Extent;
import org.netloop.api.volume.Overlays;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.osgi.service.component.annotations.Component;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Overlays as commands open them. Stateless. */
@Component(service = Overlays.class)
public final class OverlayOpener implements Overlays {

    @Override
    public OpenOverlay open(Volume base, String place, long budget) throws IOException {
        Limits limits = Limits.of(budget == UNLIMITED ? Limits.UNLIMITED : budget);
        return new OpenedOverlay(base, Overlay.open(place, base, limits));
    }

    @Override
    public About about(Path directory) throws IOException {
        return OverlayDirectory.at(directory).about();
    }

    @Override
    public void takeSnapshot(Path directory, String name) throws IOException {
        OverlayDirectory.at(directory).takeSnapshot(name);
    }

    @Override
    public void discardSnapshot(Path directory, String name) throws IOException {
        OverlayDirectory.at(directory).discardSnapshot(name);
    }

    @Override
    public OpenSnapshot openSnapshot(Volume base, Path directory, String name) throws IOException {
        Storage storage = OverlayDirectory.at(directory).look();
        return Snapshot.open(storage, name, base).over(base.name(), base);
    }

    @Override
    public List<Extent> rebase(Path directory, OpenVolume from, OpenVolume to, boolean keepOwn)
            throws IOException, InterruptedException {
        return OverlayDirectory.at(directory).rebase(from, to, keepOwn);
    }
}
