package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class RunsTest {
    private final Runs runs = new Runs(4096);

    private static ByteBuffer bytes(int length, int... set) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        for (int at : set) {
            bytes.put(at, (byte) 1);
        }
        return bytes;
    }

    @Test
    void zerosAreFoundFromOneBlockOnAndAtItsMultiples() {
        assertThat(runs.first(bytes(12288), 0, 12288, 0)).isEqualTo(-12288);
        assertThat(runs.first(bytes(12288, 4096), 0, 12288, 0)).isEqualTo(-4096);
        assertThat(runs.first(bytes(12288, 8191), 0, 12288, 0)).isEqualTo(-4096);
        assertThat(runs.first(bytes(12288, 0), 0, 12288, 0)).isEqualTo(4096);
        assertThat(runs.first(bytes(12288, 4095, 8191), 0, 12288, 0)).isEqualTo(8192);
        assertThat(runs.first(bytes(12288, 0, 5000, 12287), 0, 12288, 0)).isEqualTo(12288);
    }

    @Test
    void whatDoesNotBeginAtABlockIsCutAtTheNext() {
        assertThat(runs.first(bytes(8192, 96), 0, 8192, 4000)).isEqualTo(-96);
        assertThat(runs.first(bytes(8192, 95), 0, 8192, 4000)).isEqualTo(96);
        assertThat(runs.first(bytes(1), 0, 1, 4095)).isEqualTo(-1);
        assertThat(runs.first(bytes(7, 6), 0, 7, 0)).isEqualTo(7);
    }

    @Test
    void aByteThatIsNotZeroIsFoundWhereverItIs() {
        for (int at = 0; at < 300; at++) {
            assertThat(Runs.isZero(bytes(300, at), 0, 300)).isFalse();
            assertThat(Runs.isZero(bytes(300, at), 0, Math.max(1, at))).isEqualTo(at > 0);
        }
    }
}
