package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.Fetched;
import org.netloop.engine.fetch.Errand;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Origins;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.retry.RetryPolicy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** However a flight ends, whoever waits for it is told at once. */
@Timeout(120)
class FlightsTest {
    private static final int LENGTH = 1000;
    private static final URI MIRROR = URI.create("test://a/");

    /** Patience that no test reaches: the waits of these tests end by a notification. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static final Duration AT_ONCE = Duration.ofSeconds(60);

    private final byte[] bytes = new byte[LENGTH];
    private final Block block;
    private final Flights flights = new Flights("root");
    private final BufferPool buffers = new BufferPool(1 << 20);
    private final Backends<BlockCache> plain = new Backends<>("cache", AT_ONCE, Origins.classes());
    private final StoredBlocks stored;
    private final DemandFlights demand;
    private final CountDownLatch boarded = new CountDownLatch(1);
    private volatile @Nullable FetchException fault;

    FlightsTest() {
        Arrays.fill(bytes, (byte) 7);
        Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(bytes));
        block =
                new Block(
                        0, LENGTH, StoredBlock.object(digest, "block", LENGTH, StoredBlock.PLAIN));
        Backends<BlockCache> none = new Backends<>("cache", AT_ONCE, Origins.classes());
        CacheKeys keys = new CacheKeys(MIRROR);
        Counters counters = new Counters();
        Checks checks =
                new Checks(
                        new Decoder(new Backends<>("codec", AT_ONCE, Origins.classes()), AT_ONCE),
                        new Versions(MIRROR),
                        counters);
        stored =
                new StoredBlocks(
                        new StoredTiers(
                                new CacheTier(BlockCache.TIER_STORED, none),
                                new CacheTier(BlockCache.TIER_SHARED, none)),
                        keys,
                        counters,
                        checks,
                        this::send);
        demand =
                new DemandFlights(
                        flights,
                        new PlainCache(new CacheTier(BlockCache.TIER_PLAIN, none), keys),
                        stored,
                        buffers.share(),
                        new RetryPolicy(PATIENCE),
                        Watch.NOBODY);
    }

    /** Sends an errand that waits until a passenger boards. */
    private void send(Errand errand) throws FetchException, InterruptedException {
        if (fault != null) {
            throw fault;
        }
        if (errand.wanted().purpose() == FetchPurpose.PREFETCH) {
            boarded.await();
        }
        errand.into().put(bytes);
        try {
            errand.check()
                    .accept(ByteBuffer.wrap(bytes), MIRROR, new Fetched(Fetched.UNKNOWN, null));
        } catch (BackendException e) {
            throw new AssertionError(e);
        }
    }

    private PendingRead board(ByteBuffer into) {
        PendingRead read = new PendingRead();
        Neighbours neighbours = new Neighbours();
        demand.board(block, read.passenger(0, into), neighbours);
        demand.launch(neighbours.leave());
        boarded.countDown();
        return read;
    }

    private EarlyFlights.Means watchedBy(Watch watch) {
        return new EarlyFlights.Means(buffers.share(), new Counters(), watch, PATIENCE);
    }

    private EarlyFlights early(EarlyFlights.Means means) {
        return new EarlyFlights(
                flights,
                demand,
                new PlainCache(new CacheTier(BlockCache.TIER_PLAIN, plain), new CacheKeys(MIRROR)),
                stored,
                means);
    }

    /** A defect of our own, on the way of a fetch that nobody asked for. */
    private static final Watch DEFECTIVE =
            (_, _, _) ->
                    (_, _) -> {
                        throw new IllegalStateException("on request");
                    };

    private void assertIsBrought() throws Exception {
        ByteBuffer into = ByteBuffer.allocate(LENGTH);
        assertThat(board(into).await(Deadline.in(AT_ONCE))).isTrue();
        assertThat(into.array()).isEqualTo(bytes);
        assertThat(flights.count()).isZero();
    }

    @Test
    void aReaderOfAPackWhosePilotFailsInAnUnforeseenWayGetsAFlightOfItsOwn() throws Exception {
        EarlyFlights.Means means = watchedBy(DEFECTIVE);
        PackFlights packs = new PackFlights(flights, early(means), stored, means);
        PackRange range = new PackRange("pack", 0, List.of(block));
        assertThat(packs.start(range, FetchPurpose.PREFETCH, () -> {})).isTrue();
        assertIsBrought();
    }

    @Test
    void aReaderOfAnEarlyFlightWhosePilotFailsInAnUnforeseenWayGetsOneOfItsOwn() throws Exception {
        assertThat(early(watchedBy(DEFECTIVE)).start(block, FetchPurpose.PREFETCH))
                .isEqualTo(EarlyFlights.Outcome.STARTED);
        assertIsBrought();
    }

    @Test
    void whoeverIsToldThatAPackFailedFindsNoneOfItsBlocksUnderWay() throws Exception {
        fault = new FetchException.Missing("on request");
        EarlyFlights.Means means = watchedBy(Watch.NOBODY);
        PackFlights packs = new PackFlights(flights, early(means), stored, means);
        PackRange range = new PackRange("pack", 0, List.of(block));
        CompletableFuture<Integer> underWay = new CompletableFuture<>();
        assertThat(
                        packs.start(
                                range,
                                FetchPurpose.PREFETCH,
                                () -> underWay.complete(flights.count())))
                .isTrue();
        assertThat(underWay.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS)).isZero();
    }

    /** Cache in which the block arrives just after the first look. */
    private static final class JustMissed implements BlockCache {
        private final AtomicBoolean looked = new AtomicBoolean();

        @Override
        public @Nullable Cached get(Digest key) {
            return null;
        }

        @Override
        public boolean contains(Digest key) {
            return looked.getAndSet(true);
        }

        @Override
        public void put(Digest key, ByteBuffer bytes) {
            // What it has is on its way already.
        }

        @Override
        public void remove(Digest key) {
            // Nothing proves wrong.
        }

        @Override
        public CacheStatistics statistics() {
            return new CacheStatistics(0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void aBlockThatLandedSinceTheLookAtTheCachesIsNotFetchedAgain() throws Exception {
        plain.bind(new JustMissed(), Set.of(BlockCache.TIER_PLAIN), Map.of());
        assertThat(early(watchedBy(Watch.NOBODY)).start(block, FetchPurpose.PREFETCH))
                .isEqualTo(EarlyFlights.Outcome.THERE);
        assertThat(flights.count()).isZero();
    }

    private PendingRead boardAnAdmittedFlight(Flights.Way way, Flights.Ending ending) {
        Flight flight = flights.admit(block);
        assertThat(flight).isNotNull();
        PendingRead read = new PendingRead();
        assertThat(flight.board(read.passenger(0, ByteBuffer.allocate(LENGTH)))).isTrue();
        flights.start(List.of(flight), way, ending);
        return read;
    }

    @Test
    void whateverAPilotThrowsIsTold() {
        for (Throwable thrown :
                List.of(
                        new FetchException.Missing("on request"),
                        new IllegalStateException("on request"),
                        new StackOverflowError("on request"))) {
            PendingRead read =
                    boardAnAdmittedFlight(
                            () -> {
                                switch (thrown) {
                                    case FetchException e -> throw e;
                                    case RuntimeException e -> throw e;
                                    default -> throw (Error) thrown;
                                }
                            },
                            flights::fail);
            assertThatThrownBy(() -> read.await(Deadline.in(AT_ONCE)))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("on request");
            assertThat(flights.count()).isZero();
        }
    }

    @Test
    void aFlightThatItsPilotForgetsEndsWithIt() {
        PendingRead read = boardAnAdmittedFlight(() -> {}, flights::fail);
        assertThatThrownBy(() -> read.await(Deadline.in(AT_ONCE)))
                .hasMessageContaining("block at 0")
                .hasMessageContaining("did not arrive");
    }

    @Test
    void aFlightEndsAlsoIfWhatShouldEndItFails() {
        PendingRead read =
                boardAnAdmittedFlight(
                        () -> {},
                        (_, _) -> {
                            throw new IllegalStateException("no end");
                        });
        assertThatThrownBy(() -> read.await(Deadline.in(AT_ONCE)))
                .hasMessageContaining("did not arrive");
        assertThat(flights.count()).isZero();
    }

    @Test
    void aReadWaitsForTheFlightsThatDidNotEndYet() throws Exception {
        CountDownLatch land = new CountDownLatch(1);
        PendingRead read =
                boardAnAdmittedFlight(
                        () -> {
                            land.await();
                            Flight flight = Objects.requireNonNull(flights.of(block));
                            flights.land(flight, ByteBuffer.wrap(bytes));
                        },
                        flights::fail);
        assertThat(read.awaited()).containsExactly(flights.of(block));
        land.countDown();
        assertThat(read.await(Deadline.in(AT_ONCE))).isTrue();
        assertThat(read.awaited()).isEmpty();
    }
}
