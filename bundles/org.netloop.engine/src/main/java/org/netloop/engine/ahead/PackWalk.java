package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.profile.Pack;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.read.PackRange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranges of a pack, in the order of its profile: as long as neighbours are absent, up to a length.
 * Used by one thread.
 */
final class PackWalk implements Ranges {
    private final Pack pack;
    private final ProfileWalk walk;
    private final Look look;
    private final Map<Digest, Long> positions = new HashMap<>();

    /** Tells how a block is had. */
    interface Look {
        /** Returns whether it is there or under way. */
        boolean isThere(Block block) throws InterruptedException;

        /** Returns whether it takes fewer bytes of a mirror to have it by itself. */
        boolean sparesMirrors(Block block) throws InterruptedException;
    }

    /** Blocks that are had by themselves are told before more are looked for: a look takes time. */
    private static final int MOST_ALONE = 32;

    private @Nullable Block left;

    PackWalk(Pack pack, ProfileWalk walk, Look look) {
        this.pack = pack;
        this.walk = walk;
        this.look = look;
        long position = 0;
        for (Pack.Piece piece : pack.pieces()) {
            positions.putIfAbsent(piece.key(), position);
            position += piece.length();
        }
    }

    @Override
    public @Nullable PackRange next(int most, List<Block> alone)
            throws FetchException, InterruptedException {
        List<Block> blocks = new ArrayList<>();
        long begin = 0;
        long end = 0;
        for (Block block = take(); block != null; block = walk.next()) {
            StoredBlock stored = block.storedOrNull();
            Long position = stored == null ? null : positions.get(stored.key());
            if (stored == null || look.isThere(block)) {
                continue;
            }
            if (position == null
                    || stored.verification() != Verification.STORED
                    || look.sparesMirrors(block)) {
                alone.add(block);
                if (alone.size() >= MOST_ALONE) {
                    break;
                }
                continue;
            }
            if (!blocks.isEmpty() && (position != end || end - begin + stored.length() > most)) {
                left = block;
                break;
            }
            begin = blocks.isEmpty() ? position : begin;
            end = position + stored.length();
            blocks.add(block);
        }
        return blocks.isEmpty() ? null : new PackRange(pack.path(), begin, blocks);
    }

    private @Nullable Block take() throws FetchException, InterruptedException {
        Block before = left;
        left = null;
        return before == null ? walk.next() : before;
    }
}
