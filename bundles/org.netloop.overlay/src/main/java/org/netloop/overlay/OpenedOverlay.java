package org.netloop.overlay;

import org.netloop.api.volume.Overlays.OpenOverlay;
import org.netloop.api.volume.Volume;

import java.io.IOException;

/** An overlay that is closed with its volume. Thread-safe. */
final class OpenedOverlay extends OverlayVolume implements OpenOverlay {
    private final Overlay overlay;

    OpenedOverlay(Volume base, Overlay overlay) {
        super(base.name(), base, overlay.journal());
        this.overlay = overlay;
    }

    @Override
    public void close() throws IOException {
        overlay.close();
    }
}
