package org.netloop.publish.delta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

class LikenessTest {
    private static final int BLOCK = 256 << 10;
    private static final int BLOCKS = 40;

    private final byte[] image = new byte[BLOCKS * BLOCK];
    private final Likeness likeness = new Likeness(image.length);

    private int[] samples(byte[] bytes, int from) {
        return Samples.of(ByteBuffer.wrap(bytes, from, BLOCK), likeness.shift());
    }

    private void fill() {
        new Random(1).nextBytes(image);
        for (int i = 0; i < BLOCKS; i++) {
            likeness.add(i, samples(image, i * BLOCK));
        }
    }

    @Test
    void whatMovedIsFoundByItsContent() {
        fill();
        byte[] moved = Arrays.copyOfRange(image, 10 * BLOCK + 77, 11 * BLOCK + 77);
        assertThat(likeness.mostAlike(samples(moved, 0), -1, 4)).startsWith(10);
        byte[] mixed = Arrays.copyOfRange(image, 20 * BLOCK, 21 * BLOCK);
        System.arraycopy(image, 5 * BLOCK + 1000, mixed, 3, BLOCK / 3);
        assertThat(likeness.mostAlike(samples(mixed, 0), -1, 4)).containsExactly(20, 5);
        assertThat(likeness.mostAlike(samples(mixed, 0), 20, 4)).containsExactly(5);
        assertThat(likeness.mostAlike(samples(mixed, 0), -1, 1)).containsExactly(20);
    }

    @Test
    void whatIsNewIsLikeNothing() {
        fill();
        byte[] other = new byte[BLOCK];
        new Random(2).nextBytes(other);
        assertThat(likeness.mostAlike(samples(other, 0), -1, 4)).isEmpty();
        assertThat(likeness.mostAlike(samples(new byte[BLOCK], 0), -1, 4)).isEmpty();
    }

    @Test
    void aVeryLargeImageIsSampledMoreSparsely() {
        assertThat(Likeness.shiftFor(16L << 40)).isEqualTo(20);
        assertThat(Likeness.shiftFor(8L << 30)).isEqualTo(Samples.LEAST_SHIFT);
        assertThat(Likeness.shiftFor(0)).isEqualTo(Samples.LEAST_SHIFT);
    }
}
