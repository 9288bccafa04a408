package org.netloop.api.volume;

import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.index.ImageInfo;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Image opened by a deployment: a read-only volume whose blocks come from mirrors. A configured one
 * is registered as an OSGi service of this type and as a {@link Volume}.
 */
@ProviderType
public interface ImageVolume extends Volume {

    /** Returns the properties of its image. */
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
     * @return the block, so that a caller can continue at its end
     * @throws VolumeException if it is missing or damaged at every mirror
     */
    Block verify(long offset) throws VolumeException, InterruptedException;

    /**
     * Starts to record what is read; a former recording ends.
     *
     * @param name the profile's name, of the form {@link org.netloop.api.profile.Profile#isName}
     */
    Recording record(String name);
}
