package org.netloop.api.index;

import org.netloop.api.block.Digest;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.List;

/** What a repository holds: images, and channels that point to them. */
@ConsumerType
public interface Catalog {

    /**
     * All images, in the order of their digests. A damaged one is left out of the list, and logged.
     */
    List<ImageInfo> images() throws IOException;

    /** All channels, in the order of their names. */
    List<Channel> channels() throws IOException;

    /**
     * Points a channel to an image, at once or not at all, durably. A channel that already points
     * there is left as it is.
     */
    void move(String channel, Digest image) throws IOException;

    /**
     * A pointer to an image.
     *
     * @param name its name
     * @param image the image it points to
     * @param sequence grows by one with each move, from 1
     */
    record Channel(String name, Digest image, long sequence) {}
}
