package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An opened image: the map from offsets to blocks. Called by many threads at once. What it needs of
 * the map is fetched when it is asked for and kept within a bound of its own, so that an image of
 * any size opens at once.
 */
@ConsumerType
public interface Index {

    /** What is known of the image. */
    ImageInfo image();

    /**
     * The block that holds the byte at {@code offset}. May wait for a part of the map to be
     * fetched.
     *
     * @param offset at least 0 and less than the image's size
     * @throws FetchException if a part of the map cannot be had
     * @throws IndexOutOfBoundsException if the offset is outside of the image
     */
    Block block(long offset) throws FetchException, InterruptedException;

    /**
     * As {@link #block}, if that needs no waiting; else null. Allocates nothing where it can be
     * helped: this is asked on every read.
     */
    @Nullable Block blockIfLoaded(long offset);

    /**
     * The longest run from {@code offset} on, known without fetching more than one part of the map,
     * that is a hole throughout or stored throughout. Neighbouring runs may be alike.
     *
     * @param offset at least 0 and less than the image's size
     */
    Extent extent(long offset) throws FetchException, InterruptedException;
}
