package org.netloop.api.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Buckets of durations, and the histograms they become. */
class DurationsTest {
    private final Durations durations = new Durations();

    private Measure.Histogram histogram() {
        return durations.histogram();
    }

    private int bucketOf(long nanos) {
        List<Long> before = histogram().counts();
        durations.add(nanos);
        List<Long> after = histogram().counts();
        return IntStream.range(0, after.size())
                .filter(i -> !before.get(i).equals(after.get(i)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBoundBelongsToItsBucket() {
        assertThat(bucketOf(-1)).isZero();
        assertThat(bucketOf(0)).isZero();
        assertThat(bucketOf(1_000)).isZero();
        assertThat(bucketOf(1_001)).isEqualTo(1);
        for (int i = 1; i < 26; i++) {
            assertThat(bucketOf(1_000L << i)).isEqualTo(i);
            assertThat(bucketOf((1_000L << i) + 1)).isEqualTo(i + 1);
        }
        assertThat(bucketOf(Long.MAX_VALUE)).isEqualTo(26);
        assertThat(histogram().bounds()).hasSize(26).startsWith(1e-6, 2e-6).endsWith(33.554432);
    }

    @Test
    void sumMeanAndQuantilesAreInSeconds() {
        assertThat(histogram().mean()).isNaN();
        assertThat(histogram().quantile(0.5)).isNaN();
        assertThat(histogram()).hasToString("count=0");
        for (int i = 0; i < 99; i++) {
            durations.add(1_000_000);
        }
        durations.add(101_000_000);
        assertThat(histogram().count()).isEqualTo(100);
        assertThat(histogram().sum()).isCloseTo(0.2, within(1e-9));
        assertThat(histogram().mean()).isCloseTo(0.002, within(1e-9));
        assertThat(histogram().quantile(0.5)).isEqualTo(0.001024);
        assertThat(histogram().quantile(1)).isEqualTo(0.131072);
        assertThat(histogram()).hasToString("count=100 mean=0.00200 p99=0.001024");
        durations.add(40_000_000_000L);
        assertThat(histogram().quantile(1)).isInfinite();
    }

    @Test
    void aHistogramIsAMeasureOfItsOwnKind() {
        durations.add(1_000_000);
        Measure measure =
                new Measures(Map.of("stage", "mirror"))
                        .durations("netloop_volume_stage_seconds", "Time.", durations)
                        .list()
                        .getFirst();
        assertThat(measure.kind()).isEqualTo(Measure.Kind.HISTOGRAM);
        assertThat(measure.unit()).isEqualTo("seconds");
        assertThat(measure.isWhole()).isFalse();
        assertThat(measure)
                .hasToString(
                        "netloop_volume_stage_seconds{stage=\"mirror\"}"
                                + " \"count=1 mean=0.00100 p99=0.001024\"");
    }

    @Test
    void aHistogramThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Measure.Histogram(List.of(1.0), List.of(1L), 1))
                .hasMessageContaining("1 counts for 1 bounds");
        assertThatThrownBy(() -> new Measure.Histogram(List.of(2.0, 1.0), List.of(0L, 0L, 0L), 1))
                .hasMessageContaining("ascend");
        assertThatThrownBy(() -> new Measure.Histogram(List.of(1.0), List.of(-1L, 0L), 1))
                .hasMessageContaining("negative");
        assertThatThrownBy(() -> new Measure.Histogram(List.of(1.0), List.of(1L, 0L), Double.NaN))
                .hasMessageContaining("sum");
    }

    @Test
    void theTimeSinceAMomentIsAdded() {
        Durations durations = new Durations();
        durations.since(System.nanoTime() - 5_000_000_000L);
        assertThat(durations.histogram().sum()).isBetween(5.0, 1000.0);
    }
}
