package org.netloop.engine.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;

import java.net.URI;
import java.time.Duration;

class VolumeMeasuresTest {

    @ParameterizedTest
    @CsvSource({"GOOD, 0, GOOD", "GOOD, 1, FAILING", "RESTING, 1, RESTING", "BARRED, 0, BARRED"})
    void aMirrorThatFailedLastIsNotCalledGood(Condition condition, int failures, String shown) {
        MirrorState state =
                new MirrorState(
                        URI.create("http://m/"),
                        condition,
                        null,
                        Double.NaN,
                        0,
                        0,
                        failures,
                        failures,
                        Duration.ZERO,
                        0,
                        null);
        assertThat(VolumeMeasures.condition(state)).isEqualTo(shown);
    }
}
