package org.netloop.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * The blocks that a boot reads, in the order in which it first wants them.
 *
 * @param pauses seconds from the arrival of one block to the read of the next one
 * @param bytes stored sizes
 */
record Trace(double[] pauses, int[] bytes) {
    /** Longest stored block of the synthetic trace: a block of 256 KiB that does not compress. */
    private static final int LONGEST = 256 << 10;

    private static final double SPREAD = 0.75;

    /**
     * Makes a trace whose sums are those of a boot that was measured, and whose sizes and pauses
     * are drawn: sizes log-normally, pauses exponentially, with many short ones and few long ones.
     *
     * @param blocks how many blocks
     * @param stored their sum, in bytes
     * @param paused the sum of the pauses, in seconds
     */
    static Trace synthetic(int blocks, double stored, double paused, long seed) {
        Random chance = new Random(seed);
        double[] pauses = new double[blocks];
        double[] sizes = new double[blocks];
        for (int i = 0; i < blocks; i++) {
            double drawn = -Math.log(1 - chance.nextDouble());
            pauses[i] = drawn * drawn;
            sizes[i] = Math.exp(SPREAD * chance.nextGaussian());
        }
        scale(pauses, paused);
        scale(sizes, stored);
        int[] bytes = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            bytes[i] = (int) Math.clamp(Math.round(sizes[i]), 1, LONGEST);
        }
        return new Trace(pauses, bytes);
    }

    private static void scale(double[] values, double sum) {
        double now = 0;
        for (double value : values) {
            now += value;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] *= sum / now;
        }
    }

    /**
     * Reads lines of {@code MILLISECONDS BYTES}: when the boot first wanted a block, had it never
     * waited for one, and the block's stored size.
     */
    static Trace read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        double[] pauses = new double[lines.size()];
        int[] bytes = new int[lines.size()];
        double last = 0;
        for (int i = 0; i < bytes.length; i++) {
            String[] fields = lines.get(i).split(" ", -1);
            double at = Double.parseDouble(fields[0]) / 1000;
            pauses[i] = at - last;
            last = at;
            bytes[i] = Integer.parseInt(fields[1]);
        }
        return new Trace(pauses, bytes);
    }

    /**
     * Returns the trace with so many neighbours as one block, for runs of many machines: they are
     * fetched one right after the other anyway.
     */
    Trace joined(int neighbours) {
        int count = (blocks() + neighbours - 1) / neighbours;
        Trace joined = new Trace(new double[count], new int[count]);
        for (int i = 0; i < blocks(); i++) {
            joined.pauses[i / neighbours] += pauses[i];
            joined.bytes[i / neighbours] += bytes[i];
        }
        return joined;
    }

    int blocks() {
        return bytes.length;
    }

    /** Returns the sum of the stored sizes, in bytes. */
    double stored() {
        double sum = 0;
        for (int size : bytes) {
            sum += size;
        }
        return sum;
    }

    /** Returns how long a boot takes that never waits for a block, in seconds. */
    double shortest() {
        double sum = 0;
        for (double pause : pauses) {
            sum += pause;
        }
        return sum;
    }
}
