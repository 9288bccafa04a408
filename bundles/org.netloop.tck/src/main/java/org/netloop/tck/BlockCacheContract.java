package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What every {@link BlockCache} promises. */
public abstract class BlockCacheContract {
    private static final int BLOCK = 64 << 10;
    private static final int ROUNDS = 3_000;

    /** An empty cache of so many bytes. */
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
        assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(1 << 20);
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
