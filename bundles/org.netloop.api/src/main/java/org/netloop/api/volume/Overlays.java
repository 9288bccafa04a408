package org.netloop.api.volume;

import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.volume.Volumes.OpenVolume;
import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes volumes writable, copy on write. Registered as a service by the overlay bundle; called by
 * many threads at once.
 */
@ProviderType
public interface Overlays {

    /** Place in memory, lost when the overlay is closed. */
    String MEMORY = "memory";

    /** Budget that is limited by the place only. */
    long UNLIMITED = 0;

    /**
     * Opens an overlay, made if it is not there.
     *
     * @param base the volume below, which stays its owner's to close, after the overlay
     * @param place a directory, or {@value #MEMORY}
     * @param budget how many bytes it may take; {@link #UNLIMITED} for what the place has
     * @throws IOException if it stands on another image, is in use, or cannot be read or written
     * @throws IllegalArgumentException if the budget is too small
     */
    OpenOverlay open(Volume base, String place, long budget) throws IOException;

    /**
     * Returns what lies in a directory, also while somebody writes to it.
     *
     * @throws IOException if there is no overlay, or if it cannot be read
     */
    About about(Path directory) throws IOException;

    /**
     * Takes a snapshot of an overlay that is not in use.
     *
     * @param name 1 to 64 of {@code A-Za-z0-9._-}, the first a letter or digit
     * @throws IOException if it is in use, or has a snapshot of that name
     */
    void takeSnapshot(Path directory, String name) throws IOException;

    /**
     * Gives up a snapshot of an overlay that is not in use.
     *
     * @throws IOException if it is in use, or has no such snapshot
     */
    void discardSnapshot(Path directory, String name) throws IOException;

    /**
     * Opens a snapshot, read-only, also while somebody writes to the overlay. It must not be
     * discarded before it is closed.
     *
     * @param base the volume below, which stays its owner's to close, after the snapshot
     * @throws IOException if there is no such snapshot, if it stands on another image, or if it
     *     cannot be read
     */
    OpenSnapshot openSnapshot(Volume base, Path directory, String name) throws IOException;

    /**
     * Makes an overlay that is not in use stand on another image, if none of its changes is at a
     * place where the two images differ. Otherwise nothing is changed.
     *
     * @param from the image it stands on
     * @param to the image it is to stand on, not smaller
     * @param keepOwn whether its own changes are kept where the images differ
     * @return the places where they differ and it has changes, in ascending order; empty, or with
     *     {@code keepOwn}, once it stands on the other image
     * @throws IOException if it is in use, has snapshots, stands on another image than {@code
     *     from}, or if something cannot be read; it is as it was then
     */
    List<Extent> rebase(Path directory, OpenVolume from, OpenVolume to, boolean keepOwn)
            throws IOException, InterruptedException;

    /**
     * An overlay that lies in a directory.
     *
     * @param base the image it stands on
     * @param size its size as a volume, in bytes
     * @param inUse whether somebody has it open
     * @param snapshots the names of its snapshots, in ascending order
     */
    record About(Digest base, long size, boolean inUse, List<String> snapshots) {
        /** Copies the list. */
        public About {
            snapshots = List.copyOf(snapshots);
        }
    }

    /** A snapshot that whoever opened it closes. */
    @ProviderType
    interface OpenSnapshot extends ChangedVolume, AutoCloseable {

        /** Reads still inside may fail. */
        @Override
        void close() throws IOException;
    }

    /** A writable volume whose end is up to whoever opened it. */
    @ProviderType
    interface OpenOverlay extends Volume, AutoCloseable {

        /** Flushes; operations still inside may fail. */
        @Override
        void close() throws IOException;
    }
}
