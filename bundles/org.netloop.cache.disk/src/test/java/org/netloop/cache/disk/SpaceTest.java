package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** Tests that a file system which frees deleted files late does not cost the whole cache. */
class SpaceTest {
    private final FakeStore store = new FakeStore(1000, 400);
    private long now;
    private final Space space = new Space(store, () -> now);

    @Test
    void whatIsUsedIsWhatIsNotUsable() throws Exception {
        assertThat(space.total()).isEqualTo(1000);
        assertThat(space.usable()).isEqualTo(400);
        assertThat(space.used(300)).isEqualTo(600);
    }

    @Test
    void whatWasEvictedCountsAsFreeThoughItIsNotFreedYet() throws Exception {
        space.evicting(300);
        assertThat(space.used(300)).isEqualTo(600);
        assertThat(space.used(100)).isEqualTo(400);
        space.evicting(100);
        assertThat(space.used(50)).isEqualTo(350);
    }

    @Test
    void whatWasFreedByNowIsMeasured() throws Exception {
        space.evicting(300);
        store.usable = 950;
        assertThat(space.used(300)).isEqualTo(50);
    }

    @Test
    void afterAMinuteWhatIsMeasuredCounts() throws Exception {
        space.evicting(300);
        now = TimeUnit.SECONDS.toNanos(60);
        assertThat(space.used(100)).isEqualTo(400);
        now++;
        assertThat(space.used(100)).isEqualTo(600);
    }
}
