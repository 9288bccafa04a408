package org.netloop.api.volume;

import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.ImageInfo;
import org.osgi.annotation.versioning.ProviderType;

import java.nio.ByteBuffer;

/**
 * An image opened by a deployment. Read-only, of a fixed size; called by many threads at once; no
 * read waits for another but for the same block.
 *
 * <p>A configured volume is registered as an OSGi service with the property {@value #NAME}.
 */
@ProviderType
public interface Volume {

    /** Service property: the volume's name. */
    String NAME = "netloop.volume.name";

    /** Its name: 1 to 64 of {@code A-Za-z0-9._-}. */
    String name();

    /** What is known of its image. */
    ImageInfo image();

    /** How many bytes it has. */
    default long size() {
        return image().size();
    }

    /**
     * Fills {@code into} with the bytes from {@code offset} on, and moves it on to its limit. Waits
     * for what has to be fetched.
     *
     * @param offset at least 0; offset and remaining bytes do not exceed the size
     * @throws ReadException if a block cannot be had within the volume's time limit; the message
     *     names block, mirrors and reasons. {@code into} is then undefined from its old position on
     * @throws IndexOutOfBoundsException if the range is outside of the volume
     */
    void read(long offset, ByteBuffer into) throws ReadException, InterruptedException;

    /**
     * As {@link #read}, if all of it is in memory; else it returns false at once, having left
     * {@code into} at its old position, with undefined bytes behind it.
     */
    boolean readIfPresent(long offset, ByteBuffer into);

    /**
     * The run at {@code offset}, merged with what follows as far as that is known without much
     * fetching, and cut at {@code offset + length}.
     */
    Extent extent(long offset, long length) throws ReadException, InterruptedException;

    /**
     * Fetches the block at {@code offset} from a mirror, past all caches, verifies and decodes it.
     *
     * @return the block, so that a caller can go on at its end
     * @throws ReadException if it is missing or damaged at every mirror
     */
    Block verify(long offset) throws ReadException, InterruptedException;

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
