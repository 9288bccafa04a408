package org.netloop.api.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.Reference;
import org.netloop.api.trust.Signing;
import org.osgi.annotation.versioning.ProviderType;

import java.io.IOException;

/**
 * Puts profiles beside their images, where they are followed from then on. Registered as a service;
 * called by many threads at once.
 */
@ProviderType
public interface ProfilePublisher {

    /**
     * Publishes a profile. One of another image of the same repository, as of the one before an
     * update, is carried over.
     *
     * @param profile its own pack is left out
     * @param image the image it is for
     * @param pack whether its stored blocks are put into one object too
     * @param signing how it is signed; null to leave it unsigned
     * @throws IOException if the image or the one it was recorded on is not there, or the
     *     repository cannot be written; what was published before is as it was
     */
    PublishedProfile publish(
            Profile profile, Reference image, boolean pack, @Nullable Signing signing)
            throws IOException, InterruptedException;

    /**
     * Result of publishing a profile.
     *
     * @param path where it lies in the repository
     * @param carriedOver from which image it was carried over, and how many blocks moved or
     *     changed; empty if it was recorded on this one
     */
    record PublishedProfile(String path, String carriedOver) {}
}
