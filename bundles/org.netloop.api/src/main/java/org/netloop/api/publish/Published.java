package org.netloop.api.publish;

import org.netloop.api.index.ImageInfo;

import java.time.Duration;

/**
 * What publishing came to.
 *
 * @param image the image
 * @param holeBytes how many bytes of it are zeros and stored nowhere
 * @param blocks how many blocks are not holes
 * @param distinctBlocks how many of them differ in content
 * @param newBlocks how many of those were not in the repository before
 * @param storedBytes how many bytes the distinct stored blocks have
 * @param newBytes how many bytes the new ones have
 * @param took from begin to end
 */
public record Published(
        ImageInfo image,
        long holeBytes,
        long blocks,
        long distinctBlocks,
        long newBlocks,
        long storedBytes,
        long newBytes,
        Duration took) {}
