package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Digest;

import java.util.concurrent.TimeUnit;

/** Tests which blocks are evicted first, and that their sizes add up. */
class RecencyTest {
    private long now;
    private final Recency recency = new Recency(() -> now);

    private static Digest key(int n) {
        return FileCacheTest.key(n);
    }

    @Test
    void theLeastRecentlyUsedAreTheColdest() {
        for (int n = 0; n < 5; n++) {
            recency.add(key(n), 100, 0);
        }
        now += TimeUnit.SECONDS.toNanos(2);
        assertThat(recency.used(key(0))).isNotNull();
        assertThat(recency.knows(key(1))).isTrue(); // which is no use
        assertThat(recency.coldest(3)).containsExactly(key(1), key(2), key(3));
        assertThat(recency.keys()).hasSize(5).contains(key(0), key(4));
    }

    @Test
    void sizesAreCountedOnceForEachBlock() {
        recency.add(key(1), 100, 0);
        recency.add(key(1), 700, 0);
        recency.add(key(2), 30, 0);
        assertThat(recency.bytes()).isEqualTo(130);
        assertThat(recency.entries()).isEqualTo(2);
        assertThat(recency.remove(key(1))).isEqualTo(100);
        assertThat(recency.remove(key(1))).isZero();
        assertThat(recency.bytes()).isEqualTo(30);
        assertThat(recency.used(key(1))).isNull();
    }

    @Test
    void aTimeIsBroughtUpToDateWhenItIsOlderThanAsked() {
        recency.add(key(1), 100, 1000);
        Recency.Known known = recency.used(key(1));
        assertThat(known).isNotNull();
        assertThat(known.needsTouch(1500, 500)).isFalse();
        assertThat(known.needsTouch(1501, 500)).isTrue();
        assertThat(known.needsTouch(2001, 500)).isFalse();
        assertThat(known.needsTouch(2002, 500)).isTrue();
    }
}
