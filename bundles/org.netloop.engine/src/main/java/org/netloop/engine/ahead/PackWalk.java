package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.profile.Pack;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.read.PackFlights.Range;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Ranges of a pack, in the order of its profile: as long as neighbours are absent, up to a length.
 * Used by one thread.
 */
final class PackWalk {
    private final Pack pack;
    private final ProfileWalk walk;
    private final Predicate<Block> isThere;
    private final Map<Digest, Long> positions = new HashMap<>();
    private @Nullable Block left;

    PackWalk(Pack pack, ProfileWalk walk, Predicate<Block> isThere) {
        this.pack = pack;
        this.walk = walk;
        this.isThere = isThere;
        long position = 0;
        for (Pack.Piece piece : pack.pieces()) {
            positions.putIfAbsent(piece.key(), position);
            position += piece.length();
        }
    }

    /**
     * The next range of absent blocks. A block that the pack lacks is given to {@code alone}.
     *
     * @return null at the end
     */
    @Nullable Range next(int most, List<Block> alone) throws FetchException, InterruptedException {
        List<Block> blocks = new ArrayList<>();
        long begin = 0;
        long end = 0;
        for (Block block = take(); block != null; block = walk.next()) {
            StoredBlock stored = block.storedOrNull();
            Long position = stored == null ? null : positions.get(stored.key());
            if (stored == null || isThere.test(block)) {
                continue;
            }
            if (position == null || stored.verification() != Verification.STORED) {
                alone.add(block);
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
        return blocks.isEmpty() ? null : new Range(pack.path(), begin, blocks);
    }

    private @Nullable Block take() throws FetchException, InterruptedException {
        Block before = left;
        left = null;
        return before == null ? walk.next() : before;
    }
}
