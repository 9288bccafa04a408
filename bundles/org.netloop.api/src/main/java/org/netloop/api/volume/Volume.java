package org.netloop.api.volume;

import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.osgi.annotation.versioning.ConsumerType;

import java.nio.ByteBuffer;

/**
 * A block device as frontends see it: bytes from 0 to its size. Called by many threads at once; no
 * read waits for another but for the same block. The size of a volume does not change.
 *
 * <p>A configured volume is registered as an OSGi service with the property {@value #NAME}. Images
 * are {@link ImageVolume}s; what lies over one, and takes writes, implements this interface itself.
 */
@ConsumerType
public interface Volume {

    /** Service property: the volume's name. */
    String NAME = "netloop.volume.name";

    /** Its name: 1 to 64 of {@code A-Za-z0-9._-}. */
    String name();

    /** Its size in bytes, at least 0. */
    long size();

    /**
     * What it holds: volumes of one identity have the same size and content, so that one can stand
     * in for the other under a client that is reading. For an image, the image's digest.
     */
    Digest identity();

    /**
     * The length in bytes, at least 1, that reads should be multiples of, and aligned to: the
     * longest block of an image.
     */
    int preferredLength();

    /**
     * Fills {@code into} with the bytes from {@code offset} on, and moves it on to its limit. Waits
     * for what has to be fetched.
     *
     * @param offset at least 0; offset and remaining bytes do not exceed the size
     * @throws VolumeException if a block cannot be had within the volume's time limit; the message
     *     names block, mirrors and reasons. {@code into} is then undefined from its old position on
     * @throws IndexOutOfBoundsException if the range is outside of the volume
     */
    void read(long offset, ByteBuffer into) throws VolumeException, InterruptedException;

    /**
     * As {@link #read}, if all of it is in memory; else it returns false at once, having left
     * {@code into} at its old position, with undefined bytes behind it.
     */
    boolean readIfPresent(long offset, ByteBuffer into);

    /**
     * The run at {@code offset}, merged with what follows as far as that is known without much
     * fetching, and cut at {@code offset + length}.
     */
    Extent extent(long offset, long length) throws VolumeException, InterruptedException;

    /** Whether it takes writes; by default it does not. Never changes. */
    default boolean isWritable() {
        return false;
    }

    /**
     * Writes the remaining bytes of {@code from} at {@code offset}, and moves it on to its limit.
     * They survive a power cut after the next {@link #flush}.
     *
     * @param offset at least 0; offset and remaining bytes do not exceed the size
     * @throws VolumeException.ReadOnly if it takes no writes, which is the default
     * @throws VolumeException.NoSpace if there is no room for it
     * @throws IndexOutOfBoundsException if the range is outside of the volume
     */
    default void write(long offset, ByteBuffer from) throws VolumeException, InterruptedException {
        throw new VolumeException.ReadOnly("volume " + name() + " is read-only");
    }

    /**
     * Makes a range read as zeros.
     *
     * @param keepRoom whether the room for the range stays taken, so that a later {@link #write}
     *     there does not fail for want of it
     * @throws VolumeException.ReadOnly if it takes no writes, which is the default
     */
    default void zero(long offset, long length, boolean keepRoom)
            throws VolumeException, InterruptedException {
        throw new VolumeException.ReadOnly("volume " + name() + " is read-only");
    }

    /**
     * Says that nobody needs the content of a range any more: what is read there afterwards is
     * either what was there, or zeros.
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
