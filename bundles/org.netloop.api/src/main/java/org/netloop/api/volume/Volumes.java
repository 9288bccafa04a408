package org.netloop.api.volume;

import org.netloop.api.index.Index;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
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
    interface OpenVolume extends ImageVolume, AutoCloseable {

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
     *     fails; {@link #FOR_EVER} to wait until it is there
     * @param prefetch what is fetched before it is asked for
     * @param opening what is said on purpose of the image
     */
    record VolumeSpec(
            String name,
            Reference reference,
            List<URI> mirrors,
            Duration patience,
            Prefetch prefetch,
            Opening opening) {

        /** As a patience: a read never fails because no mirror answers. It can be interrupted. */
        public static final Duration FOR_EVER = Duration.ZERO;

        /** Checks the patience, and copies the list. */
        public VolumeSpec {
            if (patience.isNegative()) {
                throw new IllegalArgumentException("a patience of " + patience);
            }
            mirrors = List.copyOf(mirrors);
        }

        /** Takes the image as it is found. */
        public VolumeSpec(
                String name,
                Reference reference,
                List<URI> mirrors,
                Duration patience,
                Prefetch prefetch) {
            this(name, reference, mirrors, patience, prefetch, Opening.AS_FOUND);
        }

        /** Fetches nothing before it is asked for. */
        public VolumeSpec(String name, Reference reference, List<URI> mirrors, Duration patience) {
            this(name, reference, mirrors, patience, Prefetch.NONE);
        }
    }

    /**
     * What is said on purpose of the image that is opened.
     *
     * @param format the id of the index format that opens it, whatever its bytes look like; empty
     *     to recognise it
     * @param acceptOlder whether its channel may be older than the one that was accepted before
     */
    record Opening(String format, boolean acceptOlder) {
        /** Nothing: the format is recognised, and an older channel refused. */
        public static final Opening AS_FOUND = new Opening("", false);

        /** Checks the id. */
        public Opening {
            if (!format.matches("[a-z0-9-]{0,32}")) {
                throw new IllegalArgumentException(
                        "'" + format + "' is not the id of an index format: expected raw or qcow2");
            }
        }
    }

    /**
     * What is fetched before it is asked for.
     *
     * @param profile the profile to follow; empty to follow none
     * @param readAhead whether to read ahead of readers that go on from where they are
     * @param fillBytesPerSecond how fast the rest of the image is fetched while nobody waits for
     *     anything; 0 to fetch only what is read
     */
    record Prefetch(String profile, boolean readAhead, long fillBytesPerSecond) {
        /** Nothing. */
        public static final Prefetch NONE = new Prefetch("", false, 0);

        /** Along the profile {@value Profile#BOOT}, if there is one, and ahead of readers. */
        public static final Prefetch AUTO = new Prefetch(Profile.BOOT, true, 0);

        /** Checks name and rate. */
        public Prefetch {
            if (!profile.isEmpty() && !Profile.isName(profile)) {
                throw new IllegalArgumentException("'" + profile + "' is no name of a profile");
            }
            if (fillBytesPerSecond < 0) {
                throw new IllegalArgumentException(
                        "a fill of " + fillBytesPerSecond + " bytes a second");
            }
        }

        /**
         * As a user writes it: {@code auto}, {@code none}, or the name of a profile.
         *
         * @throws IllegalArgumentException if it is none of them
         */
        public static Prefetch parse(String text) {
            return switch (text) {
                case "auto" -> AUTO;
                case "none" -> NONE;
                default -> new Prefetch(text, true, 0);
            };
        }

        /** The same, and the rest of the image at that rate. */
        public Prefetch withFill(long bytesPerSecond) {
            return new Prefetch(profile, readAhead, bytesPerSecond);
        }
    }
}
