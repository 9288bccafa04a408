package org.netloop.api.volume;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.index.ImageInfo;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An image opened by a deployment: a read-only volume whose blocks come from mirrors. A configured
 * one is registered as an OSGi service of this type and as a {@link Volume}.
 */
@ProviderType
public interface ImageVolume extends Volume {

    /** What is known of its image. */
    ImageInfo image();

    @Override
    default long size() {
        return image().size();
    }

    @Override
    default Digest identity() {
        return image().digest();
    }

    @Override
    default int preferredLength() {
        return image().maxBlockLength();
    }

    /**
     * Fetches the block at {@code offset} from a mirror, past all caches, verifies and decodes it.
     *
     * @return the block, so that a caller can go on at its end
     * @throws VolumeException if it is missing or damaged at every mirror
     */
    Block verify(long offset) throws VolumeException, InterruptedException;

    /**
     * Begins to note what is read; any recording before ends.
     *
     * @param name what the profile is called, of form {@link
     *     org.netloop.api.profile.Profile#isName}
     */
    Recording record(String name);

    /** What goes on in it now. */
    VolumeStatus status();
}
