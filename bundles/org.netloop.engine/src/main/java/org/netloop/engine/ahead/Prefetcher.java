package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.status.Measures;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.engine.read.EarlyFlights;
import org.netloop.engine.read.EarlyFlights.Outcome;
import org.netloop.engine.read.PackFlights;
import org.netloop.engine.read.PackRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides what is fetched before it is asked for, and when: what a sequential reader will want,
 * then the profile, then guesses, then the rest. One thread hands out blocks, as many at a time as
 * the link carries; what readers wait for counts, so that it displaces what nobody waits for.
 * Thread-safe.
 */
public final class Prefetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
    private static final long UPKEEP_MILLIS = 1_000;

    private final String volume;
    private final Index index;
    private final Lookout lookout;
    private final Means means;
    private final Fill fill;
    private final Thread thread;
    private final Thread search;

    /** A profile, or guesses where there is none. */
    private volatile Source foreseen;

    /** None where the profile has no pack, or that proved of no use. */
    private volatile Ranges packed = Ranges.NONE;

    /** Looks for the profile of a volume. */
    @FunctionalInterface
    public interface Search {
        /** The profile; null if there is none that can be used. */
        @Nullable Profile find() throws InterruptedException;
    }

    /**
     * Resources that fetch the blocks.
     *
     * @param early each by itself
     * @param packs several by one request
     */
    public record Means(EarlyFlights early, PackFlights packs) {}

    private Prefetcher(
            String volume,
            Index index,
            Prefetch spec,
            Lookout lookout,
            Means means,
            Search profiles) {
        this.volume = volume;
        this.index = index;
        this.lookout = lookout;
        this.means = means;
        this.fill = new Fill(index, spec.fillBytesPerSecond());
        this.foreseen = lookout.guesses();
        this.thread = Thread.ofVirtual().name("prefetch-" + volume).unstarted(this::run);
        this.search =
                Thread.ofVirtual().name("profile-" + volume).unstarted(() -> follow(profiles));
    }

    /**
     * Begins to fetch ahead for a volume, if there is a cache that keeps what nobody waits for.
     *
     * @param volume names the volume in messages
     * @param lookout sees what is read from the volume
     * @param profiles asked by a thread of its own, which nobody waits for and which ends with this
     */
    public static Prefetcher begin(
            String volume,
            Index index,
            Prefetch spec,
            Lookout lookout,
            Means means,
            Search profiles) {
        Prefetcher prefetcher = new Prefetcher(volume, index, spec, lookout, means, profiles);
        if (means.early().areOfUse()) {
            prefetcher.thread.start();
        }
        prefetcher.search.start();
        return prefetcher;
    }

    /** Notes that a range is read, from wherever it comes. Called on every read. */
    public void reads(long offset, int length) {
        lookout.reads(offset, length);
    }

    private void follow(Search profiles) {
        try {
            Profile found = profiles.find();
            if (found == null) {
                lookout.guess();
                return;
            }
            ProfileWalk walk = new ProfileWalk(index, found);
            if (found.packOrNull() != null) {
                packed = new PackWalk(found.packOrNull(), walk, look());
            }
            foreseen = walk;
            lookout.wake();
        } catch (InterruptedException _) {
            LOG.debug("the profile of volume {} is looked for no more", volume);
        }
    }

    private PackWalk.Look look() {
        EarlyFlights early = means.early();
        return new PackWalk.Look() {
            @Override
            public boolean isThere(Block block) throws InterruptedException {
                return early.isThere(block);
            }

            @Override
            public boolean sparesMirrors(Block block) throws InterruptedException {
                return early.sparesMirrors(block);
            }
        };
    }

    private void run() {
        try {
            while (lookout.awaitTurn(UPKEEP_MILLIS)) {
                step();
            }
        } catch (InterruptedException _) {
            LOG.debug("nothing more is fetched ahead for volume {}", volume);
        } catch (RuntimeException e) {
            LOG.error("volume {} continues without prefetch", volume, e);
        }
    }

    private void step() throws InterruptedException {
        try {
            if (!next()) {
                idle();
            }
        } catch (FetchException e) {
            LOG.debug("volume {} cannot look ahead: {}", volume, e.getMessage());
            lookout.pause(UPKEEP_MILLIS);
        }
    }

    /** Starts the next; false if there is none now. */
    private boolean next() throws FetchException, InterruptedException {
        Block block = lookout.streams().next();
        if (block == null && lookout.isQuietEnough()) {
            return false;
        }
        if (block == null && startPacked()) {
            return true;
        }
        if (block == null) {
            block = foreseen.next();
        }
        if (block != null) {
            start(block, FetchPurpose.PREFETCH);
            return true;
        }
        return fillNext();
    }

    /** False when nothing more is to be had from a pack. */
    private boolean startPacked() throws FetchException, InterruptedException {
        List<Block> alone = new ArrayList<>();
        PackRange range = packed.next(lookout.pace().rangeBytes(), alone);
        for (Block block : alone) {
            start(block, FetchPurpose.PREFETCH);
        }
        if (range == null) {
            if (alone.isEmpty()) {
                packed = Ranges.NONE;
            }
            return !alone.isEmpty();
        }
        while (!lookout.isClosed() && !startRange(range)) {
            lookout.pause(UPKEEP_MILLIS);
        }
        return true;
    }

    private boolean startRange(PackRange range) {
        return means.packs().start(range, FetchPurpose.PREFETCH, () -> giveUpPack(range));
    }

    /** Gives up a range of the pack; its blocks are looked up in the profile again. */
    private void giveUpPack(PackRange range) {
        LOG.warn("volume {} follows its profile without the pack {}", volume, range.path());
        packed = Ranges.NONE;
        foreseen = foreseen.again();
        lookout.wake();
    }

    private boolean fillNext() throws FetchException, InterruptedException {
        if (fill.isOver() || lookout.isBusy()) {
            return false;
        }
        Block block = fill.next();
        if (block != null && start(block, FetchPurpose.FILL) == Outcome.THERE) {
            fill.wasThere();
        }
        return block != null;
    }

    private Outcome start(Block block, FetchPurpose purpose) throws InterruptedException {
        EarlyFlights early = means.early();
        if (!early.haveRoom(block.length())) {
            return Outcome.THERE;
        }
        Outcome outcome = early.start(block, purpose);
        while (outcome == Outcome.NO_ROOM && !lookout.isClosed()) {
            lookout.pause(UPKEEP_MILLIS);
            outcome = early.start(block, purpose);
        }
        return outcome;
    }

    private void idle() throws InterruptedException {
        long most = UPKEEP_MILLIS;
        if (!fill.isOver()) {
            most = Math.clamp(fill.pauseNanos() / 1_000_000, 1, most);
        }
        lookout.streams().forget();
        boolean nothing = lookout.streams().isEmpty() && fill.isOver();
        lookout.pause(nothing ? 0 : most);
    }

    /** Returns whether the profile that is followed reads the block. */
    public boolean foresees(Block block) {
        return foreseen.has(block.offset(), block.end());
    }

    /** Adds what it does now. */
    public void measure(Measures measures) {
        measures.gauge(
                        "netloop_volume_prefetch_window",
                        "",
                        "Fetches that the link is thought to carry at a time.",
                        lookout.pace().window())
                .gauge(
                        "netloop_volume_prefetch_streams",
                        "",
                        "Sequential readers that are read ahead of.",
                        lookout.streams().count())
                .gauge(
                        "netloop_volume_fill_ratio",
                        "ratio",
                        "Share of the image's stored blocks that the fill has dealt with.",
                        fill.share())
                .text(
                        "netloop_volume_profile",
                        "The profile that is followed, and how far.",
                        foreseen.progress());
    }

    @Override
    public void close() {
        lookout.close();
        thread.interrupt();
        search.interrupt();
        means.early().close();
    }
}
