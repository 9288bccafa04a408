package org.netloop.api.volume;

import org.netloop.api.index.Index;
import org.netloop.api.index.Reference;
import org.netloop.api.profile.Profile;
import org.netloop.api.trust.TrustSpec;
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
     * @throws IOException if there is no such image, or if none of its mirrors answers in time
     */
    OpenVolume open(VolumeSpec spec) throws IOException, InterruptedException;

    /** Volume that its opener closes. */
    @ProviderType
    interface OpenVolume extends ImageVolume, AutoCloseable {

        /** Returns the map of its blocks. */
        Index index();

        /** Reads still inside may fail. */
        @Override
        void close();
    }

    /**
     * Specification of a volume to open.
     *
     * @param name names the volume in messages and places
     * @param reference the image
     * @param mirrors more base URIs that serve the repository; may be empty
     * @param patience longest wait of a read for a block, over all mirrors and retries; {@link
     *     #FOR_EVER}: without limit
     * @param prefetch the prefetch policy
     * @param opening deliberate choices about the image
     * @param trust the keys that must have signed it
     */
    record VolumeSpec(
            String name,
            Reference reference,
            List<URI> mirrors,
            Duration patience,
            Prefetch prefetch,
            Opening opening,
            TrustSpec trust) {

        /**
         * Patience without end: a read never fails because no mirror answers. It can be
         * interrupted.
         */
        public static final Duration FOR_EVER = Duration.ZERO;

        /** Checks the patience, and copies the list. */
        public VolumeSpec {
            if (patience.isNegative()) {
                throw new IllegalArgumentException("a patience of " + patience);
            }
            mirrors = List.copyOf(mirrors);
        }

        /** Takes the image as it is found, with the signatures that this host demands. */
        public VolumeSpec(
                String name,
                Reference reference,
                List<URI> mirrors,
                Duration patience,
                Prefetch prefetch) {
            this(name, reference, mirrors, patience, prefetch, Opening.AS_FOUND, TrustSpec.DEFAULT);
        }

        /** Fetches nothing before it is asked for. */
        public VolumeSpec(String name, Reference reference, List<URI> mirrors, Duration patience) {
            this(name, reference, mirrors, patience, Prefetch.NONE);
        }

        /** Returns the same, but for the keys that must have signed it. */
        public VolumeSpec withTrust(TrustSpec demanded) {
            return new VolumeSpec(name, reference, mirrors, patience, prefetch, opening, demanded);
        }
    }

    /**
     * Deliberate choices about the image to open.
     *
     * @param format the id of the index format that opens it, whatever its bytes look like; empty:
     *     detected
     * @param acceptOlder whether its channel may be older than the last one accepted
     */
    record Opening(String format, boolean acceptOlder) {
        /** No choice: the format is recognised, and an older channel refused. */
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
     * Prefetch policy of a volume.
     *
     * @param profile the profile to follow; empty to follow none
     * @param readAhead whether to read ahead of sequential readers
     * @param fillBytesPerSecond rate at which the rest of the image is fetched while no reader
     *     waits; 0: never
     */
    record Prefetch(String profile, boolean readAhead, long fillBytesPerSecond) {
        /** No prefetch. */
        public static final Prefetch NONE = new Prefetch("", false, 0);

        /** Along the profile {@value Profile#BOOT}, if there is one, and ahead of readers. */
        public static final Prefetch AUTO = new Prefetch(Profile.BOOT, true, 0);

        /** Checks name and rate. */
        public Prefetch {
            if (!profile.isEmpty() && !Profile.isName(profile)) {
                throw new IllegalArgumentException("'" + profile + "' is not a valid profile name");
            }
            if (fillBytesPerSecond < 0) {
                throw new IllegalArgumentException(
                        "a fill of " + fillBytesPerSecond + " bytes a second");
            }
        }

        /**
         * Parses the form that users write: {@code auto}, {@code none}, or the name of a profile.
         *
         * @throws IllegalArgumentException if it is not a valid form
         */
        public static Prefetch parse(String text) {
            return switch (text) {
                case "auto" -> AUTO;
                case "none" -> NONE;
                default -> new Prefetch(text, true, 0);
            };
        }

        /** Returns the same, and the rest of the image at that rate. */
        public Prefetch withFill(long bytesPerSecond) {
            return new Prefetch(profile, readAhead, bytesPerSecond);
        }
    }
}
