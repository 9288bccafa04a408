package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Rebuilds the blocks of one image from their deltas, where all blocks that a delta refers to are
 * in the cache. Whatever goes wrong costs the delta alone: the block is then fetched as it is
 * stored. The bytes of a delta are verified before they are decoded, and what it gives is verified
 * before it is used or kept. Thread-safe.
 */
public final class Rebuilder {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuilder.class);

    /** Heap for all that is decoded at a time: about ten usual blocks. */
    private static final RebuildMemory MEMORY = new RebuildMemory(24 << 20);

    /** Longest wait for it: a codec that hangs does not give its part back. */
    private static final Duration FOR_MEMORY = Duration.ofSeconds(1);

    private static final Duration REST = Duration.ofSeconds(60);

    /** Longest look-up of a delta, whose table may have to be fetched. */
    private static final Duration LOOK_UP = Duration.ofSeconds(10);

    private final Index index;
    private final Lookup lookup;
    private final RebuiltBlocks kept;
    private final DeltaRuns runs = new DeltaRuns();
    private final Counters counters;

    /** False if nothing that a delta refers to can be in the cache. */
    private final boolean useful;

    /** Deltas are not used before that. */
    private volatile Deadline resting = Deadline.in(Duration.ZERO);

    /** Looks deltas up. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * Returns the delta of the block at an offset; null if it has none.
         *
         * @param most longest time that its part of the table may take
         * @throws FetchException if that cannot be had, or not in time
         */
        @Nullable Delta find(long offset, Duration most)
                throws FetchException, InterruptedException;
    }

    /**
     * Begins to rebuild the blocks of an image, and marks the image as opened.
     *
     * @param lookup finds the deltas of the index
     * @param kept the rebuilt blocks in the cache
     */
    public Rebuilder(Index index, Lookup lookup, RebuiltBlocks kept, Counters counters) {
        this.index = index;
        this.lookup = lookup;
        this.kept = kept;
        this.counters = counters;
        this.useful = index.deltaBases().stream().anyMatch(kept::wasOpened);
        kept.opened(index.image());
    }

    /** Returns whether a rebuilt block is in the cache. */
    boolean isKept(Block block) throws InterruptedException {
        Delta delta = delta(block, LOOK_UP);
        return delta != null && kept.has(delta);
    }

    /** Returns whether a block is probably had without its stored form. */
    boolean canRebuild(Block block) throws InterruptedException {
        Delta delta = delta(block, LOOK_UP);
        return delta != null && (kept.has(delta) || hasBases(delta));
    }

    private boolean hasBases(Delta delta) {
        return delta.bases().stream().allMatch(kept::hasBase);
    }

    /**
     * Looks a delta up, in less time than a part of the map may take, which can be for ever: the
     * stored form will do.
     */
    private @Nullable Delta delta(Block block, Duration most) throws InterruptedException {
        if (!useful || !resting.passed()) {
            return null;
        }
        try {
            Delta delta = lookup.find(block.offset(), most);
            return delta == null || !isBounded(delta, block) ? null : delta;
        } catch (FetchException e) {
            rest("its deltas cannot be looked up: " + e.getMessage());
        } catch (RuntimeException e) {
            rest("its deltas cannot be looked up: " + e);
        }
        return null;
    }

    /** Checks what memory depends on. */
    private boolean isBounded(Delta delta, Block block) {
        int longest = index.image().maxBlockLength();
        return delta.length() == block.length()
                && delta.run().length() <= Math.max(DeltaRuns.USUAL, 2L * longest)
                && delta.bases().stream().allMatch(base -> base.length() <= longest)
                && runs.hold(delta)
                && MEMORY.holds(heap(delta));
    }

    /** Heap that a delta takes: its bases and what it gives, and what a codec copies of all. */
    private static long heap(Delta delta) {
        return 2 * lengthOfBases(delta) + 2L * delta.length() + delta.stored().length();
    }

    private static long lengthOfBases(Delta delta) {
        return delta.bases().stream().mapToLong(DeltaBase::length).sum();
    }

    private void rest(String why) {
        resting = Deadline.in(REST);
        LOG.warn(
                "image {} is read without its deltas for {} s: {}",
                index.image().digest().brief(),
                REST.toSeconds(),
                why);
    }

    /**
     * Brings the plain bytes of a block where the errand permits it.
     *
     * @param fetcher brings what is not in the cache
     * @return false if the block has to be fetched
     */
    boolean rebuild(Errand errand, Stage fetcher) throws InterruptedException {
        Errand.Rebuilt wanted = errand.rebuiltOrNull();
        Delta delta =
                wanted == null ? null : delta(wanted.block(), half(errand).leftAtMost(LOOK_UP));
        if (wanted == null || delta == null) {
            return false;
        }
        ByteBuffer plain = wanted.plain();
        if (kept.take(delta, plain)) {
            counters.storedHits.increment();
            return true;
        }
        if (!hasBases(delta)) {
            return false;
        }
        int start = plain.position();
        try {
            if (rebuild(delta, errand, plain, fetcher)) {
                counters.rebuiltBlocks.increment();
                return true;
            }
        } catch (FetchException | BackendException e) {
            rest(String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            // Of the heap, by one of many readers: the block itself needs none.
            rest("there is not enough memory: " + e.getMessage());
        }
        plain.position(start);
        return false;
    }

    /** The stored form can still be had in time if the delta cannot. */
    private static Deadline half(Errand errand) {
        return Deadline.in(errand.deadline().left().dividedBy(2));
    }

    private boolean rebuild(Delta delta, Errand errand, ByteBuffer plain, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        Deadline deadline = half(errand);
        ByteBuffer bytes = runs.get(delta, errand.wanted().purpose(), deadline, fetcher);
        if (bytes == null) {
            return false;
        }
        if (!kept.awaitCodec(delta, deadline)) {
            throw new FetchException.Unsupported(
                    "codec " + delta.stored().codec() + " is not installed");
        }
        if (!MEMORY.tryTake(heap(delta), deadline.leftAtMost(FOR_MEMORY))) {
            throw new FetchException.Unavailable("others take all memory for deltas", null);
        }
        try {
            return decode(delta, bytes, plain);
        } finally {
            MEMORY.giveBack(heap(delta));
        }
    }

    private boolean decode(Delta delta, ByteBuffer bytes, ByteBuffer plain)
            throws FetchException, BackendException, InterruptedException {
        ByteBuffer bases = bases(delta);
        if (bases == null) {
            return false;
        }
        int start = plain.position();
        kept.decode(delta, bases, bytes, plain);
        if (!delta.plain().matches(plain.duplicate().flip().position(start))) {
            rest("the delta of a block gives other bytes than its digest says");
            return false;
        }
        kept.keep(delta, plain.duplicate().flip().position(start));
        return true;
    }

    /** The plain bytes of all bases, one after the other; null if one is not in the cache. */
    private @Nullable ByteBuffer bases(Delta delta) throws InterruptedException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(lengthOfBases(delta)));
        for (DeltaBase base : delta.bases()) {
            ByteBuffer room = all.slice(all.position(), base.length());
            if (!kept.takeBase(base, room, delta.stored().codec())) {
                return null;
            }
            all.position(all.position() + base.length());
        }
        return all.flip();
    }
}
