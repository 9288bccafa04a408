package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;

/**
 * A block that is dealt with.
 *
 * @param block as the index has it
 * @param entry what is known of its stored form; null if it is a hole
 */
record PackedBlock(Block block, BlockTable.@Nullable Entry entry) {}
