package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Obligations of every {@link BlockCache}. */
public abstract class BlockCacheContract {
    private static final int BLOCK = 64 << 10;
    private static final int ROUNDS = 3_000;
    private static final int HOLDERS = 6;
    private static final int PUTTERS = 2;
    private static final int PUTS = 1_500;

    /** Creates an empty cache with a budget of that many bytes. */
    protected abstract BlockCache cache(long budget) throws IOException;

    /** Returns when the cache has evicted what it is going to. */
    protected abstract void settle(BlockCache cache) throws Exception;

    private static byte[] block(int seed) {
        byte[] bytes =
                new byte[1000 + (int) (Integer.toUnsignedLong(seed * 0x9E3779B9) % (BLOCK - 1000))];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Digest key(int seed) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(4).putInt(0, seed));
    }

    private static void put(BlockCache cache, int seed) throws IOException {
        cache.put(key(seed), ByteBuffer.wrap(block(seed)));
    }

    @Test
    void whatWasPutIsGot() throws IOException {
        BlockCache cache = cache(8 << 20);
        assertThat(cache.get(key(1))).isNull();
        assertThat(cache.contains(key(1))).isFalse();
        put(cache, 1);
        assertThat(cache.contains(key(1))).isTrue();
        try (BlockCache.Cached got = cache.get(key(1))) {
            assertThat(got).isNotNull();
            assertThat(got.bytes()).isEqualTo(ByteBuffer.wrap(block(1)));
        }
        assertThat(cache.statistics().hits()).isEqualTo(1);
        assertThat(cache.statistics().misses()).isEqualTo(1);
    }

    @Test
    void keysOfEqualValueAndDifferentAlgorithmAreDifferentKeys() throws IOException {
        BlockCache cache = cache(8 << 20);
        Digest other = new Digest(DigestAlgorithm.SHA512_256, key(1).bytes());
        put(cache, 1);
        assertThat(cache.contains(other)).isFalse();
        assertThat(cache.get(other)).isNull();
        cache.put(other, ByteBuffer.wrap(block(2)));
        take(cache, 1);
        try (BlockCache.Cached got = cache.get(other)) {
            assertThat(got).isNotNull();
            assertThat(got.bytes()).isEqualTo(ByteBuffer.wrap(block(2)));
        }
        cache.remove(other);
        take(cache, 1);
    }

    @Test
    void buffersOfAllKindsAreCopied() throws IOException {
        BlockCache cache = cache(8 << 20);
        ByteBuffer direct = ByteBuffer.allocateDirect(3000);
        new Random(1).ints(3000).forEach(i -> direct.put((byte) i));
        direct.position(100).limit(2100);
        ByteBuffer expected = ByteBuffer.allocate(2000).put(direct.duplicate()).flip();
        cache.put(key(1), direct.asReadOnlyBuffer());
        direct.clear().put(0, (byte) 1).put(500, (byte) 77);
        try (BlockCache.Cached got = cache.get(key(1))) {
            assertThat(got).isNotNull();
            assertThat(got.bytes()).isEqualTo(expected);
        }
    }

    @Test
    void viewsAreReadOnlyAndTheirOwn() throws IOException {
        BlockCache cache = cache(8 << 20);
        put(cache, 1);
        try (BlockCache.Cached got = cache.get(key(1))) {
            assertThat(got).isNotNull();
            got.bytes().position(10);
            assertThat(got.bytes().position()).isZero();
            Assertions.assertThatThrownBy(() -> got.bytes().put((byte) 1))
                    .isInstanceOf(ReadOnlyBufferException.class);
        }
    }

    @Test
    void whatIsRemovedIsGone() throws IOException {
        BlockCache cache = cache(8 << 20);
        put(cache, 1);
        cache.remove(key(1));
        cache.remove(key(2));
        assertThat(cache.get(key(1))).isNull();
        put(cache, 1);
        assertThat(cache.contains(key(1))).isTrue();
    }

    @Test
    void closingTwiceDoesNothingMore() throws IOException {
        BlockCache cache = cache(8 << 20);
        put(cache, 1);
        BlockCache.Cached first = cache.get(key(1));
        assertThat(first).isNotNull();
        try (BlockCache.Cached second = cache.get(key(1))) {
            first.close();
            first.close();
            cache.remove(key(1));
            assertThat(second).isNotNull();
            assertThat(second.bytes()).isEqualTo(ByteBuffer.wrap(block(1)));
        }
    }

    @Test
    void theBudgetIsKept() throws Exception {
        BlockCache cache = cache(4 << 20);
        for (int seed = 0; seed < 500; seed++) {
            put(cache, seed);
        }
        settle(cache);
        assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(4 << 20).isGreaterThan(1 << 20);
        assertThat(cache.statistics().evictions()).isPositive();
        assertThat(cache.statistics().entries()).isBetween(10L, 490L);
    }

    @Test
    void aBlockBeyondTheBudgetIsDeclined() throws Exception {
        BlockCache cache = cache(1 << 20);
        cache.put(key(1), ByteBuffer.allocate(2 << 20));
        settle(cache);
        assertThat(cache.contains(key(1))).isFalse();
        assertThat(cache.get(key(1))).isNull();
        assertThat(cache.statistics().bytes()).isZero();
        put(cache, 2);
        assertThat(cache.contains(key(2))).isTrue();
    }

    @Test
    void aBlockThatIsThereIsNotKeptTwice() throws Exception {
        BlockCache cache = cache(8 << 20);
        put(cache, 1);
        long bytes = cache.statistics().bytes();
        put(cache, 1);
        settle(cache);
        assertThat(cache.statistics().entries()).isEqualTo(1);
        assertThat(cache.statistics().bytes()).isEqualTo(bytes).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void statisticsCountWhatWasDone() throws Exception {
        BlockCache cache = cache(8 << 20);
        for (int seed = 0; seed < 10; seed++) {
            put(cache, seed);
            take(cache, seed);
            assertThat(cache.get(key(-1 - seed))).isNull();
        }
        assertThat(cache.contains(key(0))).isTrue();
        cache.remove(key(0));
        settle(cache);
        CacheStatistics statistics = cache.statistics();
        assertThat(statistics.hits()).isEqualTo(10);
        assertThat(statistics.misses()).isEqualTo(10);
        assertThat(statistics.entries()).isEqualTo(9);
        assertThat(statistics.evictions()).isZero();
        assertThat(statistics.damaged()).isZero();
        assertThat(statistics.budget()).isBetween(1L, 8L << 20);
    }

    @Test
    void roomComesBackOnceHandlesAreClosed() throws Exception {
        BlockCache cache = cache(2 << 20);
        List<BlockCache.Cached> held = new ArrayList<>();
        for (int seed = 0; seed < 300; seed++) {
            put(cache, seed);
            BlockCache.Cached got = cache.get(key(seed));
            if (got != null) {
                held.add(got);
            }
        }
        assertThat(held).hasSizeGreaterThan(10);
        held.forEach(BlockCache.Cached::close);
        settle(cache);
        assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(2 << 20);
        int kept = 0;
        for (int seed = 1000; seed < 1300; seed++) {
            put(cache, seed);
            kept += cache.contains(key(seed)) ? 1 : 0;
        }
        assertThat(kept).isGreaterThan(100);
    }

    private static void take(BlockCache cache, int seed) {
        try (BlockCache.Cached got = cache.get(key(seed))) {
            assertThat(got).isNotNull();
            assertThat(got.bytes()).isEqualTo(ByteBuffer.wrap(block(seed)));
        }
    }

    @Test
    void whatIsHeldStaysWhileOthersAreEvicted() throws Exception {
        BlockCache cache = cache(2 << 20);
        put(cache, -1);
        try (BlockCache.Cached held = cache.get(key(-1))) {
            assertThat(held).isNotNull();
            for (int seed = 0; seed < 300; seed++) {
                put(cache, seed);
            }
            settle(cache);
            cache.remove(key(-1));
            assertThat(held.bytes()).isEqualTo(ByteBuffer.wrap(block(-1)));
        }
    }

    @Test
    void whatManyThreadsHoldStaysWhileThousandsAreEvicted() throws Exception {
        BlockCache cache = cache(2 << 20);
        AtomicInteger putting = new AtomicInteger(PUTTERS);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            for (int holder = 1; holder <= HOLDERS; holder++) {
                int seed = -holder;
                put(cache, seed);
                BlockCache.Cached held = cache.get(key(seed));
                assertThat(held).isNotNull();
                all.add(threads.submit(() -> compareWhile(putting, held, seed)));
            }
            for (int putter = 0; putter < PUTTERS; putter++) {
                int first = putter * PUTS;
                all.add(threads.submit(() -> putAll(cache, first, putting)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        settle(cache);
        assertThat(cache.statistics().evictions()).isGreaterThan(PUTS);
    }

    private static @Nullable Void compareWhile(
            AtomicInteger putting, BlockCache.Cached held, int seed) {
        ByteBuffer expected = ByteBuffer.wrap(block(seed));
        try (held) {
            while (putting.get() > 0) {
                assertThat(held.bytes()).isEqualTo(expected);
            }
            assertThat(held.bytes()).isEqualTo(expected);
        }
        return null;
    }

    private static @Nullable Void putAll(BlockCache cache, int first, AtomicInteger putting)
            throws IOException {
        try {
            for (int seed = first; seed < first + PUTS; seed++) {
                put(cache, seed);
            }
        } finally {
            putting.decrementAndGet();
        }
        return null;
    }

    @Test
    void manyThreadsNeverSeeWrongBytes() throws Exception {
        BlockCache cache = cache(3 << 20);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                Random random = new Random(thread);
                all.add(
                        threads.submit(
                                () -> {
                                    for (int round = 0; round < ROUNDS; round++) {
                                        useOnce(
                                                cache,
                                                random.nextInt(150),
                                                random.nextInt(20) == 0);
                                    }
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        settle(cache);
        assertThat(cache.statistics().hits()).isPositive();
        assertThat(cache.statistics().evictions()).isPositive();
    }

    private static void useOnce(BlockCache cache, int seed, boolean remove) throws IOException {
        if (remove) {
            cache.remove(key(seed));
        }
        try (BlockCache.Cached got = cache.get(key(seed))) {
            if (got == null) {
                put(cache, seed);
            } else {
                assertThat(got.bytes()).isEqualTo(ByteBuffer.wrap(block(seed)));
            }
        }
    }
}
