package org.netloop.api.volume;

import org.netloop.api.index.Index;
import org.netloop.api.index.Reference;
import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Opens volumes on request. Registered as a service by the engine; called by many threads at once.
 */
@ProviderType
public interface Volumes {

    /**
     * Opens an image, waiting for its root to be fetched.
     *
     * @throws IOException if there is no such image, or none of its mirrors answers in time
     */
    OpenVolume open(VolumeSpec spec) throws IOException, InterruptedException;

    /** A volume whose end is up to whoever opened it. */
    @ProviderType
    interface OpenVolume extends Volume, AutoCloseable {

        /** The map of its blocks. */
        Index index();

        /** Reads still inside may fail. */
        @Override
        void close();
    }

    /**
     * What to open, and how.
     *
     * @param name names the volume in messages and places
     * @param reference the image
     * @param mirrors base URIs that serve the repository, asked besides the reference's own; may be
     *     empty
     * @param patience how long a read waits for a block, over all mirrors and retries, before it
     *     fails
     */
    record VolumeSpec(String name, Reference reference, List<URI> mirrors, Duration patience) {

        /** Copies the list. */
        public VolumeSpec {
            mirrors = List.copyOf(mirrors);
        }
    }
}
