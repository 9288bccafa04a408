package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.api.cache.CacheStatistics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Obligations of every {@link BlockCache} in its configured state: it stays within its budget,
 * whatever is put. Needs nothing but the cache; {@link BlockCacheContract} is the suite of its
 * author.
 */
@Timeout(240)
public abstract class CacheBoundsContract {
    private static final int BLOCK = 1 << 20;

    /** Most bytes put into a cache, in case its budget is larger. */
    private static final long MOST_PUT = 640L << 20;

    /** Heap reserved for the process while an endless cache fills it, in bytes. */
    private static final long RESERVE = 96L << 20;

    /** Eviction may be another thread's work. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(20);

    private static final long LOOK_EVERY_MS = 20;

    /** Created by JUnit. */
    protected CacheBoundsContract() {}

    /** Returns the cache under test; it may hold something already. */
    protected abstract BlockCache cache();

    private static Digest key(long block) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(8).putLong(0, block));
    }

    @Test
    void itHasABudget() {
        assertThat(cache().statistics().budget()).as("the budget in bytes").isPositive();
    }

    @Test
    void moreThanItsBudgetIsNotKept() throws IOException, InterruptedException {
        long budget = cache().statistics().budget();
        int blocks =
                (int)
                                (Math.min(
                                                MOST_PUT,
                                                budget < MOST_PUT ? budget + budget / 4 : MOST_PUT)
                                        / BLOCK)
                        + 1;
        int put = 0;
        try {
            ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
            for (; put < blocks; put++) {
                cache().put(key(put), bytes.clear().putLong(0, put));
                failIfHeapIsFull(put);
            }
            awaitWithin(budget, put);
        } finally {
            for (int i = 0; i < put; i++) {
                cache().remove(key(i));
            }
        }
    }

    private static void failIfHeapIsFull(int put) {
        Runtime runtime = Runtime.getRuntime();
        if (free(runtime) < RESERVE) {
            System.gc();
            if (free(runtime) < RESERVE) {
                fail("after %d MiB it holds the whole heap: nothing bounds what it keeps", put + 1);
            }
        }
    }

    private static long free(Runtime runtime) {
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    private void awaitWithin(long budget, int put) throws InterruptedException {
        long end = System.nanoTime() + SETTLES_WITHIN.toNanos();
        CacheStatistics now = cache().statistics();
        while (now.bytes() > budget && System.nanoTime() - end < 0) {
            Thread.sleep(LOOK_EVERY_MS);
            now = cache().statistics();
        }
        assertThat(now.bytes())
                .as("bytes kept of a budget of %d", budget)
                .isLessThanOrEqualTo(budget);
        long kept = IntStream.range(0, put).filter(block -> cache().contains(key(block))).count();
        assertThat(kept * BLOCK).as("bytes of the blocks it has").isLessThanOrEqualTo(budget);
    }
}
