package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;

import java.nio.ByteBuffer;

/**
 * A block that is dealt with.
 *
 * @param block as the index has it
 * @param entry what is known of its stored form in the repository; null if it is not there
 * @param inline its stored bytes, if the index is to hold them; else null
 */
record PackedBlock(Block block, BlockTable.@Nullable Entry entry, @Nullable ByteBuffer inline) {

    /** A block of zeros. */
    static PackedBlock hole(Block block) {
        return new PackedBlock(block, null, null);
    }
}
