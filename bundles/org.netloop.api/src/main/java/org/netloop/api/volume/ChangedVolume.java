package org.netloop.api.volume;

import org.netloop.api.block.Digest;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A volume that is an image with changes, and tells where these are: so that the image with them
 * can be published without a look at the rest. Its content does not change. Called by many threads
 * at once.
 */
@ConsumerType
public interface ChangedVolume extends Volume {

    /** Returns the image that it was made from. */
    Digest base();

    /**
     * Returns the offset of the first byte from {@code offset} on that may differ from the image;
     * the volume's size if there is none. Whatever lies behind the end of the image may differ.
     *
     * @param offset at least 0, and at most the size
     */
    long nextChange(long offset);
}
