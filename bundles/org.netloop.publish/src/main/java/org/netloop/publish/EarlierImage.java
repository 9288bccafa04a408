package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Failures;
import org.netloop.api.publish.PublishSpec;
import org.netloop.api.trust.TrustSpec;
import org.netloop.api.volume.Volumes;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.netloop.api.volume.Volumes.VolumeSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Opens an image of the repository that is published to. Its name vouches for its index. */
final class EarlierImage {
    private static final Logger LOG = LoggerFactory.getLogger(EarlierImage.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private EarlierImage() {}

    /**
     * Opens an image.
     *
     * @param by opens it; null if nobody can
     * @return empty if it cannot be opened: it is of use, but nothing depends on it
     */
    static Optional<OpenVolume> open(@Nullable Volumes by, PublishSpec spec, Digest image)
            throws InterruptedException {
        if (by == null) {
            return Optional.empty();
        }
        Reference reference = new Reference(spec.repository(), null, image);
        try {
            return Optional.of(
                    by.open(
                            new VolumeSpec("parent", reference, List.of(), PATIENCE)
                                    .withTrust(TrustSpec.NONE)));
        } catch (IOException e) {
            LOG.info("image {} is of no use here: {}", image, Failures.sentence(e));
            return Optional.empty();
        }
    }

    /** Returns whether an image has the form of the one to be published. */
    static boolean isAlike(ImageInfo image, PublishSpec spec) {
        return image.format().equals(spec.format())
                && image.maxBlockLength() == spec.image().blockLength();
    }
}
