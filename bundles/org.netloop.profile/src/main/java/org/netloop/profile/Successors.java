package org.netloop.profile;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Blocks of an image that continue blocks of an earlier one: they moved, or the image's deltas
 * state that they are like them. A delta refers to the blocks most alike, the most alike of them
 * last, and after them to the block at the same place. Immutable.
 *
 * @param moved by the key of the earlier block
 * @param alike by the key of the earlier block; in the order of the image, at most {@value
 *     #MOST_ALIKE}
 */
record Successors(Map<Digest, Block> moved, Map<Digest, List<Block>> alike) {
    /** Blocks that one read brings along: thousands are like a block of zeros with a few bytes. */
    static final int MOST_ALIKE = 8;

    /**
     * Looks at all blocks of an image, once.
     *
     * @param keys the earlier blocks that are asked for later; memory is bounded by them
     * @param absent those of them that do not lie where they lay
     * @throws FetchException if a part of the map, or a table of deltas, cannot be fetched
     */
    static Successors in(Index image, Set<Digest> keys, Set<Digest> absent)
            throws FetchException, InterruptedException {
        Map<Digest, Block> moved = new HashMap<>();
        Map<Digest, List<Block>> alike = new HashMap<>();
        Set<Digest> left = new HashSet<>(absent);
        boolean hasDeltas = !image.deltaBases().isEmpty();
        long size = image.image().size();
        for (long at = 0; at < size && (hasDeltas || !left.isEmpty()); ) {
            Extent run = image.extent(at);
            if (run.hole()) {
                at = run.end();
                continue;
            }
            Block block = image.block(at);
            at = block.end();
            StoredBlock stored = block.storedOrNull();
            if (stored != null && left.remove(stored.key())) {
                moved.put(stored.key(), block);
            }
            Digest like = hasDeltas ? mostAlike(image.delta(block.offset()), keys) : null;
            if (like != null) {
                List<Block> known = alike.computeIfAbsent(like, _ -> new ArrayList<>());
                if (known.size() < MOST_ALIKE) {
                    known.add(block);
                }
            }
        }
        return new Successors(moved, alike);
    }

    /** Returns where a block lies now; null if it moved nowhere. */
    @Nullable Block movedTo(Digest key) {
        return moved.get(key);
    }

    /** Returns the first blocks that are more like this one than like any other. */
    List<Block> like(Digest key) {
        return alike.getOrDefault(key, List.of());
    }

    /**
     * Returns which of some blocks a delta's block is like: the last of its bases, or the one
     * before, as the last may only lie at the same place.
     */
    private static @Nullable Digest mostAlike(@Nullable Delta delta, Set<Digest> keys) {
        if (delta == null) {
            return null;
        }
        List<DeltaBase> bases = delta.bases();
        for (int i = bases.size() - 1; i >= Math.max(0, bases.size() - 2); i--) {
            StoredBlock base = bases.get(i).stored();
            if (keys.contains(base.key())) {
                return base.key();
            }
        }
        return null;
    }
}
