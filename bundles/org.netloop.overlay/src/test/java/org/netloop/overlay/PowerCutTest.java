package org.netloop.overlay;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerCutTest {
    private static final int CUTS = 100;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatWasFlushedSurvivesAndWhatIsTornIsDropped(long seed) throws Exception {
        new PowerCuts(seed).run(CUTS);
    }
}
