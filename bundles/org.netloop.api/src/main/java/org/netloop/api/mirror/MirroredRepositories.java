package org.netloop.api.mirror;

import org.osgi.annotation.versioning.ProviderType;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Opens repositories to fetch their objects as volumes do. Registered as a service by the engine;
 * called by many threads at once.
 */
@ProviderType
public interface MirroredRepositories {

    /**
     * Opens a repository; nothing is fetched.
     *
     * @param mirrors base URIs that serve it, at least one
     * @param patience longest wait for an object, over all mirrors and retries
     */
    MirroredRepository open(List<URI> mirrors, Duration patience);
}
