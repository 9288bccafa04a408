package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

/** Tests which blocks count as zeros. */
class ZerosTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8191, 8192, 8193, 100_001})
    void aSingleByteAnywhereMakesADifference(int length) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(length + 2).put(0, (byte) 1).put(length + 1, (byte) 1);
        bytes.position(1).limit(length + 1);
        assertThat(Zeros.all(bytes)).isTrue();
        for (int at : new int[] {1, 1 + length / 2, length}) {
            bytes.put(at, (byte) 0x80);
            assertThat(Zeros.all(bytes)).as("byte %s", at).isFalse();
            bytes.put(at, (byte) 0);
        }
        assertThat(bytes.position()).isEqualTo(1);
    }
}
