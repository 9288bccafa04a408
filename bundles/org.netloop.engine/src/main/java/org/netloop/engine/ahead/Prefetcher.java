package org.netloop.engine.ahead;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.Block;
import org.netloop.api.index.Index;
import org.netloop.api.profile.Profile;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.volume.VolumeStatus;
import org.netloop.api.volume.Volumes.Prefetch;
import org.netloop.engine.read.Counters;
import org.netloop.engine.read.EarlyFlights;
import org.netloop.engine.read.EarlyFlights.Outcome;
import org.netloop.engine.read.PackFlights;
import org.netloop.engine.read.PackFlights.Range;
import org.netloop.engine.read.Watch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Decides what is fetched before it is asked for, and when: what a sequential reader will want,
 * then the profile, then guesses, then the rest. One thread hands out blocks, as many at a time as
 * the link carries; what readers wait for counts, so that it displaces what nobody waits for.
 * Thread-safe.
 */
public final class Prefetcher implements Watch, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);
    private static final long UPKEEP_MILLIS = 1_000;
    private static final long FIRST_REST_MILLIS = 250;
    private static final int MOST_DOUBLINGS = 7;

    private final String volume;
    private final Prefetch spec;
    private final Index index;
    private final Counters counters;
    private final Pace pace;
    private final Streams streams;
    private final Guesses guesses;
    private final @Nullable Fill fill;
    private final Thread thread;
    private @Nullable Thread search;
    private @Nullable EarlyFlights flights;
    private @Nullable PackFlights packFlights;
    private volatile @Nullable ProfileWalk profile;

    /** Null where the profile has none, or it proved of no use. */
    private volatile @Nullable PackWalk pack;

    /** Under the monitor. */
    private int underWay;

    private long bytesUnderWay;

    private int failures;
    private long restsUntilNanos;
    private boolean news;
    private boolean searching;
    private boolean closed;

    /**
     * @param volume names the volume in messages
     * @param most how many fetches may be under way at a time
     */
    public Prefetcher(String volume, Prefetch spec, Index index, Counters counters, int most) {
        this.volume = volume;
        this.spec = spec;
        this.index = index;
        this.counters = counters;
        this.pace = new Pace(most, Runtime.getRuntime().availableProcessors());
        this.streams = new Streams(index, () -> 2 * pace.window());
        this.guesses = new Guesses(index, pace);
        this.fill =
                spec.fillBytesPerSecond() > 0 ? new Fill(index, spec.fillBytesPerSecond()) : null;
        this.thread = Thread.ofVirtual().name("prefetch-" + volume).unstarted(this::run);
    }

    /** Begins, by means of those flights. Called once. */
    public void start(EarlyFlights means, PackFlights packs) {
        flights = means;
        packFlights = packs;
        searching = !spec.profile().isEmpty();
        if (means.areOfUse()) {
            thread.start();
        }
    }

    /** Looks for the profile of a volume. */
    public interface Search {
        /** Null if there is none that can be used. */
        @Nullable Profile find() throws InterruptedException;
    }

    /**
     * Follows what a search finds. Nobody waits for it: it has a thread of its own, which ends with
     * this. Called once, after {@link #start}.
     */
    public void follow(Search profiles) {
        search =
                Thread.ofVirtual()
                        .name("profile-" + volume)
                        .start(
                                () -> {
                                    try {
                                        found(profiles.find());
                                    } catch (InterruptedException _) {
                                        found(null);
                                    }
                                });
    }

    private void found(@Nullable Profile found) {
        ProfileWalk walk = found == null ? null : new ProfileWalk(index, found);
        if (walk != null && found != null && found.packOrNull() != null) {
            pack = new PackWalk(found.packOrNull(), walk, means()::isThere);
        }
        profile = walk;
        synchronized (this) {
            searching = false;
        }
        wake();
    }

    /** A range is read, from wherever it comes. Asked on every read. */
    public void reads(long offset, int length) {
        if (!streams.isEmpty() && streams.reads(offset, offset + length)) {
            wake();
        }
    }

    private synchronized void wake() {
        news = true;
        notifyAll();
    }

    @Override
    public Trip begins(Block block, int bytes, FetchPurpose purpose) {
        synchronized (this) {
            underWay++;
            bytesUnderWay += bytes;
        }
        if (purpose == FetchPurpose.DEMAND && spec.readAhead()) {
            misses(block);
        }
        Pace.Mark mark = pace.begins(System.nanoTime());
        return (came, good) -> ended(mark, bytes, came, good);
    }

    private void misses(Block block) {
        boolean first = streams.misses(block);
        if (first && profile == null && !isSearching()) {
            guesses.around(block);
        }
        wake();
    }

    private synchronized boolean isSearching() {
        return searching;
    }

    private void ended(Pace.Mark mark, int expected, int came, boolean good) {
        if (good) {
            pace.ended(mark, came, System.nanoTime());
        } else {
            pace.failed();
        }
        synchronized (this) {
            underWay--;
            bytesUnderWay -= expected;
            failures = good ? 0 : failures + 1;
            if (!good) {
                long rest = FIRST_REST_MILLIS << Math.min(failures, MOST_DOUBLINGS);
                restsUntilNanos = System.nanoTime() + rest * 1_000_000;
            }
            news = true;
            notifyAll();
        }
    }

    private void run() {
        try {
            while (awaitTurn()) {
                step();
            }
        } catch (InterruptedException _) {
            LOG.debug("nothing more is fetched ahead for volume {}", volume);
        } catch (RuntimeException e) {
            LOG.error("volume {} goes on without fetching ahead", volume, e);
        }
    }

    /** False when it is over. */
    private synchronized boolean awaitTurn() throws InterruptedException {
        while (!closed && (!pace.allows(underWay, bytesUnderWay) || isResting())) {
            wait(UPKEEP_MILLIS);
        }
        news = false;
        return !closed;
    }

    private boolean isResting() {
        return failures > 0 && System.nanoTime() - restsUntilNanos < 0;
    }

    private void step() throws InterruptedException {
        try {
            if (!next()) {
                idle();
            }
        } catch (FetchException e) {
            LOG.debug("volume {} cannot look ahead: {}", volume, e.getMessage());
            pause(UPKEEP_MILLIS);
        }
    }

    /** Starts the next; false if there is none now. */
    private boolean next() throws FetchException, InterruptedException {
        Block block = streams.next();
        if (block == null && isQuietEnough()) {
            return false;
        }
        if (block == null) {
            PackWalk packed = pack;
            if (packed != null && startPacked(packed)) {
                return true;
            }
            ProfileWalk walk = profile;
            block = walk == null ? guesses.next() : walk.next();
        }
        if (block != null) {
            start(block, FetchPurpose.PREFETCH);
            return true;
        }
        return fillNext();
    }

    /** False when nothing more is to be had from the pack. */
    private boolean startPacked(PackWalk packed) throws FetchException, InterruptedException {
        List<Block> alone = new ArrayList<>();
        Range range = packed.next(pace.rangeBytes(), alone);
        for (Block block : alone) {
            start(block, FetchPurpose.PREFETCH);
        }
        if (range == null) {
            pack = null;
            return !alone.isEmpty();
        }
        PackFlights means = Objects.requireNonNull(packFlights);
        while (!isClosed() && !means.start(range, FetchPurpose.PREFETCH, () -> giveUpPack(range))) {
            pause(UPKEEP_MILLIS);
        }
        return true;
    }

    /** What it would have brought is looked for in the profile once more. */
    private void giveUpPack(Range range) {
        LOG.warn("volume {} follows its profile without the pack {}", volume, range.path());
        ProfileWalk walk = profile;
        pack = null;
        profile = walk == null ? null : walk.again();
    }

    private boolean fillNext() throws FetchException, InterruptedException {
        if (fill == null || isBusy()) {
            return false;
        }
        Block block = fill.next();
        if (block != null && start(block, FetchPurpose.FILL) == Outcome.THERE) {
            fill.wasThere();
        }
        return block != null;
    }

    private synchronized boolean isQuietEnough() {
        return underWay >= pace.quietWindow();
    }

    private synchronized boolean isBusy() {
        return underWay >= Pace.LEAST;
    }

    private Outcome start(Block block, FetchPurpose purpose) throws InterruptedException {
        EarlyFlights means = means();
        if (!means.haveRoom(block.length())) {
            return Outcome.THERE;
        }
        Outcome outcome = means.start(block, purpose);
        while (outcome == Outcome.NO_ROOM && !isClosed()) {
            pause(UPKEEP_MILLIS);
            outcome = means.start(block, purpose);
        }
        return outcome;
    }

    private EarlyFlights means() {
        return Objects.requireNonNull(flights);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void idle() throws InterruptedException {
        long most = UPKEEP_MILLIS;
        if (fill != null && !fill.isOver()) {
            most = Math.clamp(fill.pauseNanos() / 1_000_000, 1, most);
        }
        streams.forget();
        boolean nothing = streams.isEmpty() && (fill == null || fill.isOver());
        pause(nothing ? 0 : most);
    }

    /** Waits for news; 0 for as long as it takes. */
    private synchronized void pause(long millis) throws InterruptedException {
        if (!news && !closed) {
            wait(millis);
        }
        news = false;
    }

    /** What it does now. */
    public VolumeStatus.Ahead status() {
        ProfileWalk walk = profile;
        return new VolumeStatus.Ahead(
                pace.window(),
                counters.aheadBlocks.sum(),
                counters.aheadBytes.sum(),
                counters.aheadJoined.sum(),
                streams.count(),
                walk == null ? "" : walk.toString(),
                fill == null ? 0 : fill.share());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
        if (search != null) {
            search.interrupt();
        }
    }
}
