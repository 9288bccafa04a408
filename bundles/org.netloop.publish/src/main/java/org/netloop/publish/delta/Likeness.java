package org.netloop.publish.delta;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Finds the blocks of an image that have most samples in common with another block. Memory is
 * bounded, whatever the image: at most {@value #MOST_SLOTS} slots of eight bytes, that is 256 MiB;
 * of a larger image fewer positions are sampled. Filled by one thread, then asked by many.
 */
final class Likeness {
    private static final int MOST_SLOTS = 1 << 25;
    private static final int LEAST_SLOTS = 1 << 10;

    /** Most blocks that are known by one sample: content that lies everywhere tells nothing. */
    private static final int LONGEST_PROBE = 8;

    private static final int LEAST_COMMON = 2;

    private final int shift;

    private final int slots;

    /** Samples; 0 where a slot is free. Outside of the heap, which is smaller than this may be. */
    private final IntBuffer samples;

    private final IntBuffer blocks;

    /**
     * @param bytes number of bytes of the image, without holes as far as that is known
     */
    Likeness(long bytes) {
        this.shift = shiftFor(bytes);
        long wanted = Math.max(LEAST_SLOTS, 2 * (bytes >> shift));
        this.slots = (int) Math.min(MOST_SLOTS, Long.highestOneBit(2 * wanted - 1));
        this.samples = integers(slots);
        this.blocks = integers(slots);
    }

    private static IntBuffer integers(int count) {
        return ByteBuffer.allocateDirect(count * Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }

    /** Returns the logarithm of the distance of samples in an image of that many bytes. */
    static int shiftFor(long bytes) {
        int shift = Samples.LEAST_SHIFT;
        while (bytes >> shift > MOST_SLOTS / 2) {
            shift++;
        }
        return shift;
    }

    /** Returns the logarithm of the distance of samples. */
    int shift() {
        return shift;
    }

    private int slot(int sample) {
        return sample * 0x9E37_79B1 >>> Integer.numberOfLeadingZeros(slots) + 1;
    }

    /** Adds a block by its samples. Of samples that are too common, the first blocks are kept. */
    void add(int block, int[] of) {
        for (int sample : of) {
            int slot = slot(sample);
            for (int probe = 0; probe < LONGEST_PROBE; probe++) {
                if (samples.get(slot) == 0) {
                    samples.put(slot, sample);
                    blocks.put(slot, block);
                    break;
                }
                slot = slot + 1 & slots - 1;
            }
        }
    }

    /**
     * Returns the blocks with most samples in common, the most alike first.
     *
     * @param except a block that is not wanted; -1 for none
     * @param most most blocks to return
     */
    int[] mostAlike(int[] of, int except, int most) {
        int[] hits = new int[of.length * LONGEST_PROBE];
        int count = 0;
        for (int sample : of) {
            int slot = slot(sample);
            for (int probe = 0; probe < LONGEST_PROBE && samples.get(slot) != 0; probe++) {
                if (samples.get(slot) == sample && blocks.get(slot) != except) {
                    hits[count++] = blocks.get(slot);
                }
                slot = slot + 1 & slots - 1;
            }
        }
        Arrays.sort(hits, 0, count);
        return best(hits, count, most);
    }

    /** Counts equal neighbours; of those with equal counts, the lower block comes first. */
    private static int[] best(int[] hits, int count, int most) {
        int[] best = new int[most];
        int[] votes = new int[most];
        int found = 0;
        for (int begin = 0; begin < count; ) {
            int end = begin;
            while (end < count && hits[end] == hits[begin]) {
                end++;
            }
            if (end - begin >= LEAST_COMMON) {
                found = insert(hits[begin], end - begin, best, votes, found);
            }
            begin = end;
        }
        return Arrays.copyOf(best, found);
    }

    private static int insert(int block, int common, int[] best, int[] votes, int found) {
        int at = found;
        while (at > 0 && votes[at - 1] < common) {
            at--;
        }
        if (at == best.length) {
            return found;
        }
        int kept = Math.min(found, best.length - 1);
        System.arraycopy(best, at, best, at + 1, kept - at);
        System.arraycopy(votes, at, votes, at + 1, kept - at);
        best[at] = block;
        votes[at] = common;
        return kept + 1;
    }
}
