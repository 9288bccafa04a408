package org.netloop.publish;

import org.netloop.api.block.Block;

import java.io.IOException;
import java.util.List;

/** Finds blocks that the repository has, as an image names them already. Used by one thread. */
@FunctionalInterface
interface KeptBlocks {
    /** No blocks: all are packed. */
    KeptBlocks NONE = _ -> List.of();

    /**
     * Returns consecutive blocks from {@code offset} on, none of them a hole, and not more than a
     * thousand or so; empty if the bytes at {@code offset} must be read.
     */
    List<Block> from(long offset) throws IOException, InterruptedException;
}
