package org.netloop.api.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.index.ImageSpec;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to publish an image as, and where.
 *
 * @param repository the base URI of the repository, made if it is not there
 * @param format the id of the index format
 * @param image what is told of the image: block length, codec, digest, parent, labels
 * @param level the codec's level; empty for its standard one
 * @param channelOrNull the channel to point to the image; null to leave all as they are
 * @param asIs whether the bytes of the file or stream are the image, whatever they look like; else
 *     a compressed one is decoded, and an image file of another program read by its format
 */
public record PublishSpec(
        URI repository,
        String format,
        ImageSpec image,
        OptionalInt level,
        @Nullable String channelOrNull,
        boolean asIs) {

    /** Of a file that is looked into. */
    public PublishSpec(
            URI repository,
            String format,
            ImageSpec image,
            OptionalInt level,
            @Nullable String channelOrNull) {
        this(repository, format, image, level, channelOrNull, false);
    }

    /** The channel to point to the image; empty to leave all as they are. */
    public Optional<String> channel() {
        return Optional.ofNullable(channelOrNull);
    }
}
