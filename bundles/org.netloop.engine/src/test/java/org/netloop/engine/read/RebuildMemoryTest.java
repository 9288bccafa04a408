package org.netloop.engine.read;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;

@Timeout(60)
class RebuildMemoryTest {
    private static final Duration BRIEFLY = Duration.ofMillis(1);

    private final RebuildMemory memory = new RebuildMemory(10 << 10);

    @Test
    void whatHangsKeepsItsPartAndNobodyWaitsForIt() throws Exception {
        assertThat(memory.tryTake(8 << 10, BRIEFLY)).isTrue();
        assertThat(memory.tryTake(3 << 10, BRIEFLY)).isFalse();
        assertThat(memory.tryTake(2 << 10, BRIEFLY)).isTrue();
        memory.giveBack(8 << 10);
        assertThat(memory.tryTake(8 << 10, BRIEFLY)).isTrue();
    }

    @Test
    void whatNeverFitsIsNotWaitedFor() throws Exception {
        assertThat(memory.holds(10 << 10)).isTrue();
        assertThat(memory.holds((10 << 10) + 1)).isFalse();
        assertThat(memory.tryTake((10 << 10) + 1, Duration.ofDays(1))).isFalse();
    }

    @Test
    void theLongestDeltasOverflowNothing() throws Exception {
        assertThat(memory.holds(Long.MAX_VALUE)).isFalse();
        assertThat(memory.tryTake(8L * Integer.MAX_VALUE, BRIEFLY)).isFalse();
    }
}
