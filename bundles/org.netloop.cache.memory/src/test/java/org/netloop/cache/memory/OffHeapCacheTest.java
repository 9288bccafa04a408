package org.netloop.cache.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.cache.BlockCache;
import org.netloop.tck.BlockCacheContract;

import java.nio.ByteBuffer;

class OffHeapCacheTest extends BlockCacheContract {
    @Override
    protected BlockCache cache(long budget) {
        return new OffHeapCache(budget);
    }

    @Override
    protected void settle(BlockCache cache) {
        // It evicts on the thread that puts.
    }

    private static Digest key(int n) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(4).putInt(0, n));
    }

    @Test
    void aSmallerBudgetEvictsAtOnce() {
        OffHeapCache cache = new OffHeapCache(16 << 20);
        for (int n = 0; n < 200; n++) {
            cache.put(key(n), ByteBuffer.allocate(64 << 10));
        }
        cache.budget(4 << 20);
        assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(4 << 20);
    }

    @Test
    void blocksOfAnotherSizeFindRoomToo() {
        OffHeapCache cache = new OffHeapCache(8 << 20);
        for (int n = 0; n < 200; n++) {
            cache.put(key(n), ByteBuffer.allocate(64 << 10));
        }
        // What is wanted again and again gets in, whatever filled the cache before.
        for (int round = 0; round < 10; round++) {
            for (int n = 1000; n < 1010; n++) {
                cache.put(key(n), ByteBuffer.allocate(256 << 10));
            }
        }
        int found = 0;
        for (int n = 1000; n < 1010; n++) {
            found += cache.contains(key(n)) ? 1 : 0;
        }
        assertThat(found).isGreaterThan(7);
    }

    @Test
    void aSlotIsLittleLargerThanItsBlock() {
        for (int length = 1; length < 5_000_000; length += 997) {
            assertThat(Slots.slotSize(length))
                    .isBetween(length, Math.max(1024, length + length / 4 + 1));
        }
        assertThat(Slots.slotSize(256 << 10)).isEqualTo(256 << 10);
    }
}
