package org.netloop.engine.read;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Digest;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.engine.retry.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way over images that this client skipped: which deltas give the blocks that another delta
 * refers to and that are not in the cache. Bounded in the number of deltas for a block, and in
 * bytes: what is fetched for it is at most what it saved before, and a part of the image in
 * advance. Thread-safe.
 */
final class DeltaChain {
    /** Most deltas that are decoded for a block somebody waits for: about a third of a second. */
    private static final int MOST_STEPS_ON_DEMAND = 64;

    /**
     * Most for a block that is fetched ahead. The first of its neighbourhood takes nearly all that
     * the others need too.
     */
    private static final int MOST_STEPS_AHEAD = 1024;

    /** Deltas of neighbours come together, so the first ones cost more than they save. */
    private static final long MOST_ADVANCE = 8 << 20;

    /** The advance is also at most this part of what all blocks of the image take. */
    private static final int SHARE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(DeltaChain.class);
    private static final Duration REST = Duration.ofSeconds(60);

    private final DeltaLookup lookup;
    private final RebuiltBlocks kept;
    private final DeltaRuns runs;

    /** Number of images between this one and the nearest that was opened. */
    private final int images;

    /** Bytes that may still be spent. */
    private final AtomicLong account;

    /** The way is not taken before that. */
    private volatile Deadline resting = Deadline.in(Duration.ZERO);

    /**
     * @param images number of images between this one and the nearest that was opened
     * @param bytes what all blocks of the image take
     */
    DeltaChain(DeltaLookup lookup, RebuiltBlocks kept, DeltaRuns runs, int images, long bytes) {
        this.lookup = lookup;
        this.kept = kept;
        this.runs = runs;
        this.images = images;
        this.account = new AtomicLong(Math.min(MOST_ADVANCE, bytes / SHARE));
    }

    /**
     * Returns the delta by which a skipped image got a block that has not changed since; null if
     * there is none.
     *
     * @param stored digest of the stored form of the block
     */
    @Nullable Delta giving(Digest stored, Duration most)
            throws FetchException, InterruptedException {
        return images < 1 || !resting.passed() ? null : lookup.earlierDelta(stored, images, most);
    }

    /** Checks a delta that a table states. */
    interface Bounds {
        boolean hold(Delta delta, int length);
    }

    /**
     * Returns the deltas that give what a delta lacks, each after those that it depends on; null if
     * there is no such way, or none that is worth it.
     *
     * @param purpose what the block is wanted for
     * @param most longest time that reading the tables of earlier images may take
     */
    @Nullable List<Delta> steps(Delta delta, Bounds bounds, FetchPurpose purpose, Duration most)
            throws FetchException, InterruptedException {
        if (images < 1 || !resting.passed()) {
            return null;
        }
        boolean demand = purpose == FetchPurpose.DEMAND;
        Search search = new Search(bounds, demand ? MOST_STEPS_ON_DEMAND : MOST_STEPS_AHEAD, most);
        if (!search.brings(delta)) {
            return null;
        }
        List<Delta> steps = new ArrayList<>(search.steps.values());
        steps.add(delta);
        return cost(steps) <= account.get() ? steps.subList(0, steps.size() - 1) : null;
    }

    /** Returns how many bytes come from mirrors for these deltas. */
    long cost(Collection<Delta> deltas) {
        return deltas.stream()
                .map(DeltaRuns.Place::of)
                .distinct()
                .filter(place -> !runs.has(place))
                .mapToLong(place -> place.run().length())
                .sum();
    }

    /** Says that what it needs did not come, and takes this way no more for a while. */
    void rest(FetchException why) {
        resting = Deadline.in(REST);
        LOG.info(
                "deltas of earlier images are not used for {} s: {}",
                REST.toSeconds(),
                why.getMessage());
    }

    /** Takes from the account what is fetched now. */
    void spend(long bytes) {
        account.addAndGet(-bytes);
    }

    /** Puts into the account what was not fetched because a block was rebuilt. */
    void saved(long bytes) {
        account.addAndGet(bytes);
    }

    /** One search for what a delta lacks. */
    private final class Search {
        private final Bounds bounds;
        private final int mostSteps;
        private final Duration most;
        private final Map<Digest, Delta> steps = new LinkedHashMap<>();
        private final Set<Digest> seen = new HashSet<>();

        Search(Bounds bounds, int mostSteps, Duration most) {
            this.bounds = bounds;
            this.mostSteps = mostSteps;
            this.most = most;
        }

        /**
         * Returns whether all that a delta refers to is there, or given by an earlier step. A block
         * that is looked for already depends on itself: images may go back and forth.
         */
        boolean brings(Delta delta) throws FetchException, InterruptedException {
            String codec = delta.stored().codec();
            for (DeltaBase base : delta.bases()) {
                Digest plain = base.plain();
                if (steps.containsKey(plain) || kept.hasBase(base, codec)) {
                    continue;
                }
                if (seen.size() >= mostSteps || !seen.add(plain)) {
                    return false;
                }
                Delta earlier = lookup.earlierDelta(plain, images, most);
                if (earlier == null
                        || !earlier.plain().equals(plain)
                        || !bounds.hold(earlier, base.length())
                        || !earlier.stored().codec().equals(codec)
                        || !brings(earlier)) {
                    return false;
                }
                steps.put(plain, earlier);
            }
            return true;
        }
    }
}
