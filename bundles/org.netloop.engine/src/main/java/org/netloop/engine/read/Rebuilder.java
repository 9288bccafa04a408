package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.Index;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.fetch.Stage;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    private final DeltaLookup lookup;
    private final RebuiltBlocks kept;
    private final DeltaRuns runs = new DeltaRuns();
    private final Counters counters;
    private final DeltaChain chain;
    private final ConcurrentMap<Digest, CompletableFuture<Boolean>> underWay =
            new ConcurrentHashMap<>();

    /** False if nothing that a delta refers to can be in the cache. */
    private final boolean useful;

    /** Deltas are not used before that. */
    private volatile Deadline resting = Deadline.in(Duration.ZERO);

    /**
     * Begins to rebuild the blocks of an image, and marks the image as opened.
     *
     * @param lookup finds the deltas of the index
     * @param kept the rebuilt blocks in the cache
     */
    public Rebuilder(Index index, DeltaLookup lookup, RebuiltBlocks kept, Counters counters) {
        this.index = index;
        this.lookup = lookup;
        this.kept = kept;
        this.counters = counters;
        List<Digest> bases = index.deltaBases();
        int skipped = 0;
        while (skipped < bases.size() && !kept.wasOpened(bases.get(skipped))) {
            skipped++;
        }
        this.useful = skipped < bases.size();
        long stored = index.image().storedBytes();
        long bytes = stored < 0 ? index.image().size() : stored;
        this.chain = new DeltaChain(lookup, kept, runs, useful ? skipped : 0, bytes);
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
        return delta != null && (kept.has(delta) || hasBases(delta) || isChained(delta));
    }

    private boolean hasBases(Delta delta) {
        String codec = delta.stored().codec();
        return delta.bases().stream().allMatch(base -> kept.hasBase(base, codec));
    }

    private boolean isChained(Delta delta) throws InterruptedException {
        return steps(delta, FetchPurpose.PREFETCH, LOOK_UP) != null;
    }

    /** Returns the way over the images in between; null if there is none that is worth it. */
    private @Nullable List<Delta> steps(Delta delta, FetchPurpose purpose, Duration most)
            throws InterruptedException {
        if (!resting.passed()) {
            return null;
        }
        try {
            return chain.steps(delta, this::isBounded, purpose, most);
        } catch (FetchException e) {
            chain.rest(e);
        } catch (RuntimeException e) {
            rest("the deltas of earlier images cannot be looked up: " + e);
        }
        return null;
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
            Delta own = lookup.delta(block.offset(), most);
            Delta delta = own != null ? own : unchanged(block, most);
            return delta == null || !isBounded(delta, block.length()) ? null : delta;
        } catch (FetchException e) {
            rest("its deltas cannot be looked up: " + e.getMessage());
        } catch (RuntimeException e) {
            rest("its deltas cannot be looked up: " + e);
        }
        return null;
    }

    /** Returns the delta by which a skipped image got a block that is the same here. */
    private @Nullable Delta unchanged(Block block, Duration most) throws InterruptedException {
        StoredBlock stored = block.storedOrNull();
        try {
            return stored == null ? null : chain.giving(stored.key(), most);
        } catch (FetchException e) {
            chain.rest(e);
            return null;
        }
    }

    /** Checks what memory depends on. */
    private boolean isBounded(Delta delta, int length) {
        int longest = index.image().maxBlockLength();
        return delta.length() == length
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
        int start = plain.position();
        try {
            if (!hasBases(delta) && !bringBases(delta, errand, fetcher)) {
                return false;
            }
            if (rebuild(delta, errand.wanted().purpose(), half(errand), plain, fetcher)) {
                counters.rebuiltBlocks.increment();
                // Also if nothing was lacking: a neighbour may have paid for that.
                chain.saved(wanted.block().stored().map(StoredBlock::length).orElse(0));
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

    /**
     * Rebuilds what a delta refers to and is not in the cache, over the images in between. If that
     * fails, only the way over those rests: they may be kept no longer.
     */
    private boolean bringBases(Delta delta, Errand errand, Stage fetcher)
            throws BackendException, InterruptedException {
        Deadline deadline = half(errand);
        FetchPurpose purpose = errand.wanted().purpose();
        List<Delta> steps = steps(delta, purpose, deadline.leftAtMost(LOOK_UP));
        if (steps == null) {
            return false;
        }
        List<Delta> all = new ArrayList<>(steps);
        all.add(delta);
        chain.spend(chain.cost(all));
        runs.fetch(all, purpose, deadline, fetcher);
        try {
            for (Delta step : steps) {
                if (!bring(step, purpose, deadline, fetcher)) {
                    return false;
                }
            }
            return true;
        } catch (FetchException e) {
            chain.rest(e);
            return false;
        }
    }

    /** Rebuilds a block of an earlier image into the cache, once for all who need it. */
    private boolean bring(Delta step, FetchPurpose purpose, Deadline deadline, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        CompletableFuture<Boolean> other = underWay.putIfAbsent(step.plain(), mine);
        if (other != null) {
            return await(other, deadline);
        }
        boolean done = false;
        try {
            done =
                    kept.has(step)
                            || rebuild(
                                    step,
                                    purpose,
                                    deadline,
                                    ByteBuffer.allocate(step.length()),
                                    fetcher);
            return done;
        } finally {
            underWay.remove(step.plain(), mine);
            mine.complete(done);
        }
    }

    private static boolean await(CompletableFuture<Boolean> other, Deadline deadline)
            throws InterruptedException {
        try {
            return other.get(Math.max(0, deadline.left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    private boolean rebuild(
            Delta delta, FetchPurpose purpose, Deadline deadline, ByteBuffer plain, Stage fetcher)
            throws FetchException, BackendException, InterruptedException {
        ByteBuffer bytes = runs.get(delta, purpose, deadline, fetcher);
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
