package org.netloop.publish;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Delta;

import java.nio.ByteBuffer;

/**
 * A block that is dealt with.
 *
 * @param block as the index has it
 * @param entry what is known of its stored form in the repository; null if it is not there
 * @param inline its stored bytes, if the index is to hold them; else null
 * @param delta a second form of it; null if there is none
 */
record PackedBlock(
        Block block,
        BlockTable.@Nullable Entry entry,
        @Nullable ByteBuffer inline,
        Delta.@Nullable Made delta) {

    /** A block without a second form. */
    PackedBlock(Block block, BlockTable.@Nullable Entry entry, @Nullable ByteBuffer inline) {
        this(block, entry, inline, null);
    }

    /** A block that is taken over from an earlier image, unread. */
    static PackedBlock kept(Block block) {
        return new PackedBlock(block, null, null);
    }

    /** A block of zeros. */
    static PackedBlock hole(Block block) {
        return new PackedBlock(block, null, null);
    }
}
