package org.netloop.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressMeterTest {

    @Test
    void aRateIsSaidOnceThereIsOne() {
        assertThat(ProgressMeter.rate(1 << 20, 999_999_999)).isEmpty();
        assertThat(ProgressMeter.rate(3 << 20, 1_500_000_000)).isEqualTo("2.0 MiB/s");
    }
}
