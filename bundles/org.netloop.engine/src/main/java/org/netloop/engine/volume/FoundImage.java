package org.netloop.engine.volume;

import org.netloop.api.block.Digest;

import java.net.URI;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * An image that a look at a channel found, opened as the volume was configured at that moment. It
 * may be configured anew before the image is taken.
 *
 * @param volume the image
 * @param wanted whether an image of this channel, opened in this way, is still configured; never
 *     waits
 * @param mirrors the mirrors that are configured for it by now; never waits
 */
record FoundImage(OpenedVolume volume, BooleanSupplier wanted, Supplier<List<URI>> mirrors) {
    Digest digest() {
        return volume.image().digest();
    }

    boolean isWanted() {
        return wanted.getAsBoolean();
    }
}
