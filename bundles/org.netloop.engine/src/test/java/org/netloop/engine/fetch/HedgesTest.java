package org.netloop.engine.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.stream.IntStream;

class HedgesTest {
    private final Hedges hedges = new Hedges();

    private long paid(int fetches) {
        return IntStream.range(0, fetches)
                .filter(
                        _ -> {
                            hedges.earn();
                            return hedges.pay();
                        })
                .count();
    }

    @Test
    void aFewMayBeSentAtOnce() {
        assertThat(paid(10)).isEqualTo(10);
    }

    @Test
    void inTheLongRunItIsOneInTwenty() {
        paid(1000);
        assertThat(paid(2000)).isEqualTo(100);
    }

    @Test
    void whatIsNotUsedIsNotSavedForEver() {
        for (int i = 0; i < 100_000; i++) {
            hedges.earn();
        }
        assertThat(paid(20)).isLessThanOrEqualTo(11);
    }
}
