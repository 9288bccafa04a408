package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Verification;

import java.util.Map;
import java.util.Optional;

/**
 * Properties of an image that are known without reading any of its blocks. Immutable.
 *
 * @param digest the image's name: the digest of its manifest, or of what replaces that in a format
 *     without one
 * @param format the id of the index format
 * @param size the image's length in bytes, at least 0
 * @param maxBlockLength the length of its longest block, in bytes
 * @param codec the id of the codec its blocks are stored with, or the commonest of several
 * @param parentOrNull the image it was made from; null if none is named
 * @param storedBytes bytes of its distinct stored blocks; -1 if the format does not state it
 * @param labels the publisher's labels
 * @param verification how its blocks are verified; the weakest kind if they differ
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

    /** Returns the image it was made from; empty if none is named. */
    public Optional<Digest> parent() {
        return Optional.ofNullable(parentOrNull);
    }
}
