package org.netloop.api.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.trust.Signing;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Specification of an image to publish: where, and in which form.
 *
 * @param repository the base URI of the repository, created if missing
 * @param format the id of the index format
 * @param image properties of the image: block length, codec, digest, parent, labels
 * @param level the codec's level; empty for its default
 * @param channelOrNull the channel to move to the image; null to move none
 * @param asIs true if the bytes of the file or stream are the image, whatever they look like; false
 *     to decode a compressed file, and to read an image file of another program by its format
 * @param signingOrNull how the image and the channel are signed; null to leave them unsigned
 * @param deltas whether changed blocks are also stored as deltas to the parent, or to the image
 *     that the channel points to
 */
public record PublishSpec(
        URI repository,
        String format,
        ImageSpec image,
        OptionalInt level,
        @Nullable String channelOrNull,
        boolean asIs,
        @Nullable Signing signingOrNull,
        boolean deltas) {

    /**
     * Creates a specification for a file whose type is detected, without a signature, and with
     * deltas where they can be made.
     */
    public PublishSpec(
            URI repository,
            String format,
            ImageSpec image,
            OptionalInt level,
            @Nullable String channelOrNull) {
        this(repository, format, image, level, channelOrNull, false, null, true);
    }

    /** Returns how the image and the channel are signed; empty if they stay unsigned. */
    public Optional<Signing> signing() {
        return Optional.ofNullable(signingOrNull);
    }

    /** Returns the channel to move to the image; empty to move none. */
    public Optional<String> channel() {
        return Optional.ofNullable(channelOrNull);
    }
}
