package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Verification;

import java.util.Map;
import java.util.Optional;

/**
 * What is known of an image without reading any of its blocks. Immutable.
 *
 * @param digest names the image: the digest of its manifest; where a format has none, of what
 *     stands for it
 * @param format the id of the index format
 * @param size how many bytes the image has, at least 0
 * @param maxBlockLength the length of its longest block, in bytes
 * @param codec the id of the codec its blocks are stored with, or the commonest of several
 * @param parentOrNull the image it was made from; null if none is named
 * @param storedBytes how many bytes its distinct stored blocks have; -1 if the format does not say
 * @param labels what the publisher wrote about it
 * @param verification what vouches for its blocks, or for the worst guarded of them
 */
public record ImageInfo(
        Digest digest,
        String format,
        long size,
        int maxBlockLength,
        String codec,
        @Nullable Digest parentOrNull,
        long storedBytes,
        Map<String, String> labels,
        Verification verification) {

    /** An image whose stored blocks are each named by their digest. */
    public ImageInfo(
            Digest digest,
            String format,
            long size,
            int maxBlockLength,
            String codec,
            @Nullable Digest parentOrNull,
            long storedBytes,
            Map<String, String> labels) {
        this(
                digest,
                format,
                size,
                maxBlockLength,
                codec,
                parentOrNull,
                storedBytes,
                labels,
                Verification.STORED);
    }

    /** Checks the ranges and copies the labels. */
    public ImageInfo {
        if (size < 0 || maxBlockLength < 1) {
            throw new IllegalArgumentException(
                    "image "
                            + digest.brief()
                            + " of "
                            + size
                            + " bytes in blocks of "
                            + maxBlockLength);
        }
        labels = Map.copyOf(labels);
    }

    /** The image it was made from; empty if none is named. */
    public Optional<Digest> parent() {
        return Optional.ofNullable(parentOrNull);
    }
}
