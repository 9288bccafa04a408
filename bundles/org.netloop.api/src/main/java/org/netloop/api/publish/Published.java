package org.netloop.api.publish;

import org.netloop.api.index.ImageInfo;

import java.time.Duration;

/**
 * Result of publishing an image.
 *
 * @param image the image
 * @param holeBytes bytes of the image that are zeros and stored nowhere
 * @param blocks number of blocks that are not holes
 * @param distinctBlocks number of those with distinct content
 * @param newBlocks number of distinct blocks that the repository did not have before
 * @param storedBytes bytes of the distinct stored blocks
 * @param newBytes bytes of the new stored blocks
 * @param took duration from start to end
 * @param takenOver how many of the blocks were taken over by name from an earlier image: they were
 *     neither read nor compared, and are counted in {@code blocks} only
 */
public record Published(
        ImageInfo image,
        long holeBytes,
        long blocks,
        long distinctBlocks,
        long newBlocks,
        long storedBytes,
        long newBytes,
        Duration took,
        long takenOver) {}
