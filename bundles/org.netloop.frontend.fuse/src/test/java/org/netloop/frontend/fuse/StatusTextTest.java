package org.netloop.frontend.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;

import java.net.URI;
import java.time.Duration;

/** What is told of a mirror before all of it was measured. */
class StatusTextTest {
    private static MirrorState mirror(@Nullable Duration latency, double rate) {
        return new MirrorState(
                URI.create("http://m/"), Condition.GOOD, latency, rate, 0, 1, 0, 0, 10, null);
    }

    @Test
    void whatWasNotMeasuredIsNoNumber() {
        assertThat(StatusText.measured(mirror(null, Double.NaN))).isEqualTo("never measured");
        assertThat(StatusText.measured(mirror(Duration.ofMillis(3), Double.NaN)))
                .endsWith("ms")
                .doesNotContain("NaN", "MB/s");
        assertThat(StatusText.measured(mirror(Duration.ofMillis(3), 2e6))).endsWith("MB/s");
    }
}
