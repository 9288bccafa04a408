package org.netloop.format.netloop;

import org.netloop.api.block.Digest;
import org.netloop.api.index.DeltaBase;

import java.util.List;

/**
 * A delta as a table states it.
 *
 * @param block which block of its segment it gives
 * @param object ordinal of the object that holds it, counted by whoever made the entry
 * @param position where in that object it begins
 * @param length number of its bytes
 * @param digest of these bytes
 * @param plain digest of the block's plain bytes
 * @param bases the blocks it refers to, in order
 */
record DeltaEntry(
        int block,
        int object,
        int position,
        int length,
        Digest digest,
        Digest plain,
        List<DeltaBase> bases) {}
