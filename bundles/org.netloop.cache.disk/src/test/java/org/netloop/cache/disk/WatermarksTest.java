package org.netloop.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests when eviction begins, how much it frees, and which settings are refused. */
class WatermarksTest {
    private static final long TEBI = 1L << 40;

    private final FakeStore store = new FakeStore(1000, 1000);
    private final Space space = new Space(store, () -> 0);

    @Test
    void ofABudgetTheCacheAloneCounts() throws Exception {
        Watermarks marks = new Watermarks(10_000, 80, 70);
        store.usable = 0;
        assertThat(marks.limit(space)).isEqualTo(8000);
        assertThat(marks.excess(8000, space)).isZero();
        assertThat(marks.excess(8001, space)).isEqualTo(1001);
    }

    @Test
    void withoutABudgetAllFilesOfTheFileSystemCount() throws Exception {
        Watermarks marks = new Watermarks(0, 80, 70);
        assertThat(marks.limit(space)).isEqualTo(800);
        store.usable = 200;
        assertThat(marks.excess(500, space)).isZero();
        store.usable = 199;
        assertThat(marks.excess(500, space)).isEqualTo(101);
    }

    @Test
    void noMoreIsEvictedThanTheCacheHas() throws Exception {
        store.usable = 10;
        assertThat(new Watermarks(0, 80, 70).excess(30, space)).isEqualTo(30);
    }

    @Test
    void sharesOfVeryLargeAndVerySmallBudgetsAreExact() throws Exception {
        assertThat(new Watermarks(1_000_000 * TEBI, 50, 50).limit(space)).isEqualTo(500_000 * TEBI);
        assertThat(new Watermarks(Long.MAX_VALUE, 100, 1).limit(space)).isEqualTo(Long.MAX_VALUE);
        assertThat(new Watermarks(199, 50, 50).limit(space)).isEqualTo(99);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "0, 100, 100", "1, 100, 1"})
    void theEndsOfTheRangesAreTaken(long budget, int high, int low) {
        assertThatCode(() -> new Watermarks(budget, high, low)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"-1, 80, 70", "0, 80, 0", "0, 69, 70", "0, 101, 70"})
    void othersAreRefusedWithWhatIsExpected(long budget, int high, int low) {
        assertThatThrownBy(() -> new Watermarks(budget, high, low))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "watermarks %d %% and %d %% of %d bytes: expected 1 <= low <= high <= 100"
                                + " and no budget below 0",
                        low, high, budget);
    }
}
