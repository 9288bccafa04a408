package org.netloop.attach;

import org.netloop.api.block.Block;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Recording;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeException;

import java.time.Duration;

/** An image that a frontend holds; only images of the same digest succeed it. Thread-safe. */
final class StandingImage extends StandingVolume implements ImageVolume {
    private final ImageInfo image;

    StandingImage(ImageVolume first, Duration grace) {
        super(first, grace);
        this.image = first.image();
    }

    @Override
    boolean accepts(Volume successor) {
        return successor instanceof ImageVolume && super.accepts(successor);
    }

    @Override
    public ImageInfo image() {
        return image;
    }

    @Override
    public Block verify(long offset) throws VolumeException, InterruptedException {
        return onCurrent(volume -> ((ImageVolume) volume).verify(offset));
    }

    /**
     * Records reads of the volume that is present now; the recording ends when that volume leaves.
     */
    @Override
    public Recording record(String profile) {
        return ((ImageVolume) present()).record(profile);
    }
}
