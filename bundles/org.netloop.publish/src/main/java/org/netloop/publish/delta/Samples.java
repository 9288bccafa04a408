package org.netloop.publish.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Samples of the content of a block, wherever in it that lies: a rolling hash (gear, over 64 bytes)
 * at each position where its highest bits are zero. Blocks with equal samples have equal parts.
 */
final class Samples {
    /** One position in 512, if the image is small enough. */
    static final int LEAST_SHIFT = 9;

    private static final int WINDOW = 64;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    /** More than that of a block only occur in content made for it. */
    private static final int EXCESS = 4;

    /** A random number for each byte, by SplitMix64: the same on every machine. */
    private static final long[] GEAR = gear();

    private Samples() {}

    private static long[] gear() {
        long[] gear = new long[256];
        for (int i = 0; i < gear.length; i++) {
            long mixed = (i + 1) * GOLDEN;
            mixed = (mixed ^ mixed >>> 30) * 0xBF58_476D_1CE4_E5B9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94D0_49BB_1331_11EBL;
            gear[i] = mixed ^ mixed >>> 31;
        }
        return gear;
    }

    /**
     * Returns the samples of the remaining bytes, without repetitions; the position is left as it
     * was.
     *
     * @param shift one position in 2^shift is a sample, on average
     */
    static int[] of(ByteBuffer plain, int shift) {
        byte[] bytes = new byte[plain.remaining()];
        plain.get(plain.position(), bytes);
        int[] samples = new int[EXCESS * ((bytes.length >> shift) + WINDOW)];
        int count = 0;
        long hash = 0;
        for (int i = 0; i < bytes.length && count < samples.length; i++) {
            hash = (hash << 1) + GEAR[bytes[i] & 0xff];
            if (hash >>> Long.SIZE - shift == 0 && i >= WINDOW) {
                samples[count++] = (int) (hash * GOLDEN >>> 32) | 1;
            }
        }
        return Arrays.stream(samples, 0, count).sorted().distinct().toArray();
    }
}
