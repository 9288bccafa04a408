package org.netloop.api.volume;

import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.osgi.annotation.versioning.ConsumerType;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Block device as frontends see it: bytes from 0 to its size. Called by many threads at once; no
 * read waits for another, except for the same block. The size of a volume does not change.
 *
 * <p>A configured volume is registered as an OSGi service with the property {@value #NAME}. Images
 * are {@link ImageVolume}s; a writable layer over one implements this interface itself.
 */
@ConsumerType
public interface Volume {

    /** Service property: the volume's name. */
    String NAME = "netloop.volume.name";

    /**
     * Service property of a volume that has the name of an earlier one: {@code true} if attachments
     * that exist keep the earlier one, while that is there. Absent: they get this one.
     */
    String GENTLE = "netloop.volume.gentle";

    /** Label of its measures: the volume's name. */
    String LABEL = "volume";

    /** Returns the name: 1 to 64 of {@code A-Za-z0-9._-}. */
    String name();

    /** Returns the size in bytes, at least 0. */
    long size();

    /**
     * Returns the identity of the content: volumes of one identity have the same size and bytes, so
     * that one can replace the other under a client that is reading. For an image, the image's
     * digest.
     */
    Digest identity();

    /**
     * The length in bytes, at least 1, that reads should be multiples of, and aligned to: the
     * longest block of an image.
     */
    int preferredLength();

    /**
     * Fills {@code into} with the bytes from {@code offset} on, and moves its position to its
     * limit. Waits for blocks that have to be fetched.
     *
     * @param offset at least 0; offset and remaining bytes do not exceed the size
     * @throws VolumeException if a block cannot be read within the volume's time limit; the message
     *     names block, mirrors and reasons. {@code into} is then undefined from its old position on
     * @throws IndexOutOfBoundsException if the range is outside of the volume
     */
    void read(long offset, ByteBuffer into) throws VolumeException, InterruptedException;

    /**
     * Reads like {@link #read} if all of it is in memory; else returns false at once, leaving
     * {@code into} at its old position with undefined bytes after it.
     */
    boolean readIfPresent(long offset, ByteBuffer into);

    /**
     * The run at {@code offset}, merged with what follows as far as that is known without much
     * fetching, and cut at {@code offset + length}.
     */
    Extent extent(long offset, long length) throws VolumeException, InterruptedException;

    /**
     * Returns where the block at {@code offset} is. Returns at once: fetches nothing, waits for
     * nothing, and does not count as a use. By default nothing is known.
     *
     * @param offset at least 0, less than the size
     * @throws IndexOutOfBoundsException if the offset is outside of the volume
     */
    default BlockState state(long offset) {
        Objects.checkIndex(offset, size());
        return new BlockState(BlockState.Place.UNKNOWN, false, size());
    }

    /**
     * Returns the present figures, labelled with {@value #LABEL}; counters run from its opening.
     * Returns at once. By default identity and size alone.
     */
    default List<Measure> measures() {
        return new Measures(Map.of(LABEL, name()))
                .text("netloop_volume_identity", "What the volume holds.", identity().toString())
                .gauge("netloop_volume_size_bytes", "bytes", "Size of the volume.", size())
                .list();
    }

    /** Returns whether the volume accepts writes; by default it does not. Never changes. */
    default boolean isWritable() {
        return false;
    }

    /**
     * Writes the remaining bytes of {@code from} at {@code offset}, and moves its position to its
     * limit. They survive a power cut after the next {@link #flush}.
     *
     * @param offset at least 0; offset and remaining bytes do not exceed the size
     * @throws VolumeException.ReadOnly if it accepts no writes, which is the default
     * @throws VolumeException.NoSpace if there is no room
     * @throws IndexOutOfBoundsException if the range is outside of the volume
     */
    default void write(long offset, ByteBuffer from) throws VolumeException, InterruptedException {
        throw new VolumeException.ReadOnly("volume " + name() + " is read-only");
    }

    /**
     * Makes a range read as zeros.
     *
     * @param keepRoom whether the room for the range stays allocated, so that a later {@link
     *     #write} there does not fail for lack of it
     * @throws VolumeException.ReadOnly if it takes no writes, which is the default
     */
    default void zero(long offset, long length, boolean keepRoom)
            throws VolumeException, InterruptedException {
        throw new VolumeException.ReadOnly("volume " + name() + " is read-only");
    }

    /**
     * Discards the content of a range: later reads return either the former bytes, or zeros.
     *
     * @throws VolumeException.ReadOnly if it takes no writes, which is the default
     */
    default void trim(long offset, long length) throws VolumeException, InterruptedException {
        throw new VolumeException.ReadOnly("volume " + name() + " is read-only");
    }

    /** Returns when every write that returned before survives a power cut. */
    default void flush() throws VolumeException, InterruptedException {
        // Nothing was written.
    }
}
