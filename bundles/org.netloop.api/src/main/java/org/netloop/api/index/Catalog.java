package org.netloop.api.index;

import org.netloop.api.block.Digest;
import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ConsumerType;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

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
     * The paths of all objects that an image needs: its root, the parts of its index, its stored
     * blocks; not channels that point to it, and not its profiles. A path may come more than once.
     * The index is read as the stream is, so memory stays bounded.
     *
     * @return a stream to be closed; reading it on fails with an {@link
     *     java.io.UncheckedIOException} where the repository or the index does
     * @throws FetchException.Missing if there is no such image
     * @throws IOException if its root cannot be read
     */
    Stream<String> objects(Digest image) throws IOException;

    /**
     * Removes an image from the repository, durably: it is neither listed nor opened any more. The
     * objects it named stay, as other images may need them.
     *
     * @throws FetchException.Missing if there is no such image
     * @throws IOException if a channel points to it; move or delete that first
     */
    void remove(Digest image) throws IOException;

    /**
     * A pointer to an image.
     *
     * @param name its name
     * @param image the image it points to
     * @param sequence grows by one with each move, from 1
     */
    record Channel(String name, Digest image, long sequence) {}
}
