package org.netloop.engine.read;

import org.netloop.api.block.Block;
import org.netloop.api.block.StoredBlock;

import java.util.List;
import java.util.Objects;

/**
 * A range of a pack.
 *
 * @param path the pack, relative to a mirror's base URI
 * @param position where in it the first block begins
 * @param blocks those it holds from there on, without gaps, each stored under its own digest
 */
public record PackRange(String path, long position, List<Block> blocks) {

    /** Copies the list. */
    public PackRange {
        blocks = List.copyOf(blocks);
    }

    /** Returns the number of stored bytes. */
    public int length() {
        return Math.toIntExact(blocks.stream().mapToLong(block -> stored(block).length()).sum());
    }

    static StoredBlock stored(Block block) {
        return Objects.requireNonNull(block.storedOrNull(), "a hole in a pack");
    }
}
