package org.netloop.command;

import org.netloop.api.block.Digest;
import org.netloop.api.index.Reference;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes.VolumeSpec;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The image that an overlay stands on, as it is opened by its digest. */
final class BaseImage {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private BaseImage() {}

    static VolumeSpec spec(URI repository, Digest image, TrustSpec trust) {
        Reference reference = new Reference(repository, null, image);
        return new VolumeSpec("base", reference, List.of(), PATIENCE).withTrust(trust);
    }
}
