package org.netloop.engine.volume;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.message.Failures;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.read.MirrorObjects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** Looks for the profile of an image beside it: one request, while the volume is read already. */
record ProfileSearch(
        String volume,
        ImageInfo image,
        Backends<ProfileFormat> formats,
        MirrorObjects objects,
        Duration grace) {
    /** The single key of profile formats: the best-ranked one is used. */
    static final String ANY = "";

    private static final Logger LOG = LoggerFactory.getLogger(ProfileSearch.class);

    /** The profile of that name; null if there is none that can be used. */
    @Nullable Profile find(String name) throws InterruptedException {
        // A file read in place has no name of its own that a profile could be found by.
        if (image.verification() == Verification.NONE) {
            return null;
        }
        try (Use<ProfileFormat> use = formats.enter(ANY, grace)) {
            return use == null ? null : use.find(format -> find(format, name));
        } catch (BackendException e) {
            LOG.warn("volume {} continues without its profile: {}", volume, Failures.sentence(e));
            return null;
        }
    }

    private @Nullable Profile find(ProfileFormat format, String name) throws InterruptedException {
        String path = format.path(image.digest(), name);
        try {
            Profile profile = format.read(path, objects.readHint(path, ProfileFormat.MAX_LENGTH));
            if (!profile.image().equals(image.digest())) {
                LOG.warn(
                        "volume {}: {} is of image {} and not followed",
                        volume,
                        path,
                        profile.image().brief());
                return null;
            }
            LOG.info(
                    "volume {} follows its profile {}: {} entries, {} bytes",
                    volume,
                    name,
                    profile.entries().size(),
                    profile.bytes());
            return profile;
        } catch (FetchException.Missing | FetchException.Denied e) {
            LOG.debug("volume {} has no profile {}: {}", volume, name, e.getMessage());
        } catch (FetchException e) {
            LOG.warn("volume {} continues without its profile: {}", volume, e.getMessage());
        }
        return null;
    }
}
