package org.netloop.command;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.Reference;
import org.netloop.api.index.WritingDefaults;
import org.netloop.api.profile.Profile;
import org.netloop.api.profile.ProfileFiles;
import org.netloop.api.profile.ProfileFormat;
import org.netloop.api.profile.ProfilePublisher;
import org.netloop.api.profile.ProfilePublisher.PublishedProfile;
import org.netloop.api.publish.PublishSpec;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A profile that is published with an image. */
final class ProfileOptions {
    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description =
                    "Publish a recorded profile with the image; a profile of another image"
                            + " in REPO, such as the previous version, is carried over")
    private @Nullable Path file;

    @Option(
            names = "--profile-pack",
            description = "Also store the profile's blocks in one object, for few long requests")
    private boolean pack;

    /** Returns the profile to publish with an image of a format; null if there is none. */
    @Nullable Profile read(List<ProfileFormat> formats, String format, WritingDefaults defaults)
            throws IOException {
        if (file == null) {
            if (pack) {
                throw new IllegalArgumentException("--profile-pack needs --profile FILE");
            }
            return null;
        }
        if (!defaults.channels()) {
            throw new IllegalArgumentException(
                    "an image of format " + format + " is a file, beside which no profile lies");
        }
        if (formats.isEmpty()) {
            throw new IOException("profiles cannot be read: install the feature profile");
        }
        return ProfileFiles.read(formats.getFirst(), file);
    }

    /** Puts it beside the image that was published. */
    PublishedProfile publish(
            Profile profile, PublishSpec spec, ImageInfo image, List<ProfilePublisher> publishers)
            throws IOException, InterruptedException {
        Reference reference = new Reference(spec.repository(), null, image.digest());
        try {
            if (publishers.isEmpty()) {
                throw new IOException("install the feature profile");
            }
            return publishers.getFirst().publish(profile, reference, pack, spec.signingOrNull());
        } catch (IOException e) {
            throw new IOException(
                    "the image is published ("
                            + reference
                            + "), but not its profile: "
                            + e.getMessage()
                            + "; 'netloop profile publish' does that alone",
                    e);
        }
    }

    /** Tells what came of it, if anything was to. */
    static void report(@Nullable PublishedProfile published) {
        if (published == null) {
            return;
        }
        if (!published.carriedOver().isEmpty()) {
            System.out.println("carried over from " + published.carriedOver());
        }
        System.out.println("profile  " + published.path());
    }
}
