package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Obligations of every {@link BlockCache} of the tier {@value BlockCache#TIER_SHARED}: it answers
 * in time, whatever becomes of the other side.
 */
@Timeout(120)
public abstract class SharedCacheContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * A deadline of its own is some milliseconds; so many look-ups one after the other are one of
     * these.
     */
    private static final Duration ALL_LOOK_UPS = Duration.ofSeconds(30);

    private static final int LOOK_UPS = 200;
    private static final int LOOK_EVERY_MS = 5;
    private static final int THREADS = 8;
    private static final int ROUNDS = 100;

    /** Created by JUnit. */
    protected SharedCacheContract() {}

    /**
     * Opens a cache over the other side, which is empty when a test begins and which all caches of
     * a test share. It is in touch with it when this returns; whoever extends this closes it.
     */
    protected abstract BlockCache open() throws Exception;

    /** Makes the other side fall silent: it answers nothing, and its connections stay. */
    protected abstract void silence() throws Exception;

    /** Makes the other side go away. */
    protected abstract void stop() throws Exception;

    /** Makes the other side be as it was before it fell silent, or start again where it was. */
    protected abstract void resume() throws Exception;

    /** Returns the content of a block. */
    protected static ByteBuffer block(int seed) {
        byte[] bytes = new byte[1000 + Math.floorMod(seed * 7919, 60_000)];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    /** Returns the key of a block, the digest of its content. */
    protected static Digest key(int seed) {
        return Digest.of(DigestAlgorithm.SHA256, block(seed));
    }

    /** Returns whether a cache has a block; fails if it is another one. */
    protected static boolean has(BlockCache cache, int seed) {
        try (BlockCache.Cached got = cache.get(key(seed))) {
            if (got != null) {
                assertThat(got.bytes()).isEqualTo(block(seed));
            }
            return got != null;
        }
    }

    /** Waits for a condition. */
    protected static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /** A condition that comes true. */
    @FunctionalInterface
    protected interface Condition {
        /** Returns whether it is true now. */
        boolean holds() throws Exception;
    }

    @Test
    void whatWasPutIsFoundHereAtOnceAndThereSoon() throws Exception {
        BlockCache here = open();
        BlockCache there = open();
        assertThat(has(here, 1)).isFalse();
        assertThat(here.contains(key(1))).isFalse();
        here.put(key(1), block(1));
        assertThat(has(here, 1)).isTrue();
        assertThat(here.contains(key(1))).isTrue();
        await("the other machine has it", () -> has(there, 1));
        assertThat(there.contains(key(1))).isTrue();
        assertThat(here.statistics().hits()).isEqualTo(1);
        assertThat(here.statistics().misses()).isEqualTo(1);
    }

    @Test
    void whatIsRemovedIsGoneHereAtOnceAndThereSoon() throws Exception {
        BlockCache here = open();
        BlockCache there = open();
        here.put(key(1), block(1));
        here.put(key(2), block(2));
        await("the other machine has them", () -> has(there, 1) && has(there, 2));
        here.remove(key(1));
        here.remove(key(3));
        assertThat(has(here, 1)).isFalse();
        await("it is gone there", () -> !has(there, 1));
        assertThat(has(there, 2)).isTrue();
        here.put(key(1), block(1));
        await("it is there again", () -> has(there, 1));
    }

    @Test
    void buffersOfAllKindsAreCopiedAndViewsAreReadOnly() throws Exception {
        BlockCache cache = open();
        ByteBuffer bytes = block(1);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.remaining() + 20);
        direct.position(10).put(bytes.duplicate()).flip().position(10);
        cache.put(key(1), direct.asReadOnlyBuffer());
        direct.put(11, (byte) ~direct.get(11));
        BlockCache.Cached got = cache.get(key(1));
        assertThat(got).isNotNull();
        got.bytes().position(10);
        assertThat(got.bytes()).isEqualTo(block(1));
        assertThatThrownBy(() -> got.bytes().put((byte) 1))
                .isInstanceOf(ReadOnlyBufferException.class);
        cache.remove(key(1));
        assertThat(got.bytes()).as("what is held").isEqualTo(block(1));
        got.close();
        got.close();
    }

    @Test
    void manyThreadsNeverSeeWrongBytes() throws Exception {
        BlockCache cache = open();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Random random = new Random(thread);
                all.add(threads.submit(() -> useOften(cache, random)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(cache.statistics().hits()).isPositive();
    }

    private static @Nullable Void useOften(BlockCache cache, Random random) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            int seed = random.nextInt(20);
            if (random.nextInt(20) == 0) {
                cache.remove(key(seed));
            }
            if (!has(cache, seed)) {
                cache.put(key(seed), block(seed));
            }
        }
        return null;
    }

    @Test
    void anotherSideThatFallsSilentCostsALittleTimeAndComesBack() throws Exception {
        BlockCache cache = open();
        cache.put(key(1), block(1));
        BlockCache other = open();
        await("it is stored", () -> has(other, 1));
        silence();
        assertLookUpsEnd(cache);
        resume();
        await("it is used again", () -> has(cache, 1));
    }

    @Test
    void anotherSideThatGoesCostsALittleTimeAndComesBack() throws Exception {
        BlockCache cache = open();
        cache.put(key(1), block(1));
        stop();
        assertLookUpsEnd(cache);
        resume();
        BlockCache other = open();
        await(
                "it is used again",
                () -> {
                    cache.put(key(2), block(2));
                    return has(other, 2);
                });
    }

    /** No look-up finds anything, and together they take no longer than a few that are in vain. */
    private static void assertLookUpsEnd(BlockCache cache) throws IOException {
        long began = System.nanoTime();
        for (int i = 0; i < LOOK_UPS; i++) {
            assertThat(has(cache, 1000 + i)).isFalse();
            assertThat(cache.contains(key(1000 + i))).isFalse();
            cache.put(key(2000 + i), block(2000 + i));
            cache.remove(key(2000 + i));
            cache.statistics();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ALL_LOOK_UPS);
    }
}
