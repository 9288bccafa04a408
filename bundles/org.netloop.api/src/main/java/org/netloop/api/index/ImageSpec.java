package org.netloop.api.index;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;

import java.util.Map;

/**
 * Properties of an image that are known before it is written. Two images of equal content and equal
 * spec get equal digests.
 *
 * @param blockLength the length of a block in bytes, a power of two from 4 KiB to 16 MiB
 * @param codec the id of the codec that encodes blocks
 * @param digest the algorithm that names blocks
 * @param parentOrNull the image it was made from; null if none
 * @param labels the publisher's labels
 */
public record ImageSpec(
        int blockLength,
        String codec,
        DigestAlgorithm digest,
        @Nullable Digest parentOrNull,
        Map<String, String> labels) {

    /** The smallest block length. */
    public static final int MIN_BLOCK_LENGTH = 4 << 10;

    /** The largest block length. */
    public static final int MAX_BLOCK_LENGTH = 16 << 20;

    /** Default block length in bytes: the paper's. */
    public static final int STANDARD_BLOCK_LENGTH = 256 << 10;

    /** Checks the block length and copies the labels. */
    public ImageSpec {
        if (blockLength < MIN_BLOCK_LENGTH
                || blockLength > MAX_BLOCK_LENGTH
                || Integer.bitCount(blockLength) != 1) {
            throw new IllegalArgumentException(
                    "block size "
                            + blockLength
                            + " is not a power of two from "
                            + MIN_BLOCK_LENGTH
                            + " to "
                            + MAX_BLOCK_LENGTH);
        }
        labels = Map.copyOf(labels);
    }
}
