package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.transport.FetchException;
import org.osgi.annotation.versioning.ConsumerType;

import java.util.List;

/**
 * Opened image: the map from offsets to blocks. Called by many threads at once. A part of the map
 * is fetched when it is needed and kept in {@link ObjectReader#parts}, so that an image of any size
 * opens at once and takes bounded memory.
 */
@ConsumerType
public interface Index {

    /** Returns the properties of the image. */
    ImageInfo image();

    /**
     * Returns the block that contains the byte at {@code offset}. May wait for a part of the map to
     * be fetched.
     *
     * @param offset at least 0 and less than the image's size
     * @throws FetchException if a part of the map cannot be fetched
     * @throws InterruptedException if the thread is interrupted
     * @throws IndexOutOfBoundsException if the offset is outside of the image
     */
    Block block(long offset) throws FetchException, InterruptedException;

    /**
     * Returns the block like {@link #block}, if that needs no waiting; else null. Allocates as
     * little as possible: it is called on every read.
     */
    @Nullable Block blockIfLoaded(long offset);

    /**
     * Returns the longest run from {@code offset} on, known without fetching more than one part of
     * the map, that is entirely a hole or entirely stored. Adjacent runs may be of the same kind.
     *
     * @param offset at least 0 and less than the image's size
     */
    Extent extent(long offset) throws FetchException, InterruptedException;

    /**
     * Returns the delta of the block that contains the byte at {@code offset}; null if it has none,
     * which is the default. May wait for a part of the map to be fetched.
     *
     * @param offset at least 0 and less than the image's size
     * @throws FetchException if that part cannot be fetched; the block can be read without it
     */
    default @Nullable Delta delta(long offset) throws FetchException, InterruptedException {
        return null;
    }

    /**
     * Returns the images to whose blocks the deltas of this one refer, directly or because those
     * images were made in the same way, nearest first. A reader that never opened one of them saves
     * itself the look at the deltas. Empty if there are no deltas, which is the default.
     */
    default List<Digest> deltaBases() {
        return List.of();
    }

    /**
     * Returns a delta by which an earlier image got a block: with it a reader that skipped that
     * image rebuilds a {@link DeltaBase}, or a block that has not changed since. Null if there is
     * none, or if looking for it would take more than is bearable; null is the default. May wait
     * for parts of the maps of those images.
     *
     * @param block digest of the plain bytes of the block, or of its stored ones
     * @param images how many of {@link #deltaBases} are searched, nearest first; at least 1
     * @throws FetchException if these parts cannot be fetched; the block can be read without them
     */
    default @Nullable Delta earlierDelta(Digest block, int images)
            throws FetchException, InterruptedException {
        return null;
    }
}
