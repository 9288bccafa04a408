package org.netloop.repository;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Extent;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;

/**
 * Data that a client with one image transfers for another one. Sets of blocks are {@linkplain
 * PathFilter filters}: memory is bounded whatever the size of the images.
 *
 * @param blocks how many distinct blocks of the new image are wanted
 * @param newBlocks how many of them the client does not have
 * @param newBytes how many stored bytes these have
 * @param deltaBytes how many bytes are fetched if deltas are used where the client has what they
 *     refer to; without the tables of deltas
 */
record Difference(long blocks, long newBlocks, long newBytes, long deltaBytes) {

    /** Compares for a client that has all blocks of the old image and wants all of the new one. */
    static Difference of(Index before, Index after) throws FetchException, InterruptedException {
        PathFilter had = filterFor(before);
        for (long at = 0; at < before.image().size(); ) {
            at = add(before, at, had);
        }
        Counter counter = new Counter(had, after);
        for (long at = 0; at < after.image().size(); ) {
            at = counter.count(after, at);
        }
        return counter.difference();
    }

    /**
     * Compares for a client that has the blocks of a profile of the old image, and wants the same
     * places of the new one.
     */
    static Difference of(Index before, Index after, Profile profile)
            throws FetchException, InterruptedException {
        PathFilter had = filterFor(before);
        for (Profile.Entry entry : profile.entries()) {
            long end = Math.min(entry.end(), before.image().size());
            for (long at = entry.offset(); at < end; ) {
                at = add(before, at, had);
            }
        }
        Counter counter = new Counter(had, after);
        for (Profile.Entry entry : profile.entries()) {
            long end = Math.min(entry.end(), after.image().size());
            for (long at = entry.offset(); at < end; ) {
                at = counter.count(after, at);
            }
        }
        return counter.difference();
    }

    /** Chunks of a format that cuts by content have a quarter of the longest, on average. */
    private static PathFilter filterFor(Index index) {
        long most = index.image().size() / index.image().maxBlockLength();
        return new PathFilter(4 * most);
    }

    private static long add(Index index, long at, PathFilter had)
            throws FetchException, InterruptedException {
        Extent run = index.extent(at);
        if (run.hole()) {
            return run.end();
        }
        Block block = index.block(at);
        if (!block.isHole()) {
            had.add(block.identity().toString());
        }
        return block.end();
    }

    /** Counts each distinct block once. */
    private static final class Counter {
        private final PathFilter had;
        private final PathFilter seen;
        private long blocks;
        private long newBlocks;
        private long newBytes;
        private long deltaBytes;

        private Counter(PathFilter had, Index after) {
            this.had = had;
            this.seen = filterFor(after);
        }

        private long count(Index index, long at) throws FetchException, InterruptedException {
            Extent run = index.extent(at);
            if (run.hole()) {
                return run.end();
            }
            Block block = index.block(at);
            String name = block.isHole() ? "" : block.identity().toString();
            if (!name.isEmpty() && !seen.mayContain(name)) {
                seen.add(name);
                blocks++;
                if (!had.mayContain(name)) {
                    newBlocks++;
                    int length = block.stored().orElseThrow().length();
                    newBytes += length;
                    deltaBytes += least(index.delta(at), length);
                }
            }
            return block.end();
        }

        /** Returns the length of a delta if its bases are there; else that of the stored block. */
        private int least(@Nullable Delta delta, int length) {
            return delta != null && delta.bases().stream().allMatch(this::has)
                    ? delta.stored().length()
                    : length;
        }

        private boolean has(DeltaBase base) {
            Block block = new Block(0, base.length(), base.stored());
            return had.mayContain(block.identity().toString());
        }

        private Difference difference() {
            return new Difference(blocks, newBlocks, newBytes, deltaBytes);
        }
    }
}
