package org.netloop.repository;

import java.util.SplittableRandom;

/**
 * A Bloom filter of paths (B. H. Bloom, Space/time trade-offs in hash coding with allowable errors,
 * 1970): memory that is bounded whatever the number of objects. It never denies a path that was
 * added. It may claim one that was not: for 4 million paths, an image of 1 TiB, less than once in
 * 10^9; for 64 million, 16 TiB, for two of a hundred. Seeded anew each time, so that what one run
 * takes for needed the next one does not. Not thread-safe.
 */
final class PathFilter {
    /** Paths of which one of 10^9 others is claimed, if it is made for them. */
    static final long MOST = 1 << 22;

    private static final long FEWEST = 1 << 10;
    private static final int BITS_A_PATH = 128;
    private static final int PROBES = 6;

    private final long mask;
    private final long[] words;
    private final long seed = new SplittableRandom().nextLong();

    /**
     * Creates an empty one, which takes 16 to 32 bytes a path, and at most 64 MiB.
     *
     * @param expected number of paths; more can be added, and are claimed wrongly more often
     */
    PathFilter(long expected) {
        long bits = Math.clamp(expected, FEWEST, MOST) * BITS_A_PATH;
        long power = Long.highestOneBit(2 * bits - 1);
        this.mask = power - 1;
        this.words = new long[(int) (power / Long.SIZE)];
    }

    void add(String path) {
        long hash = hash(path);
        long step = mix(hash) | 1;
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = hash & mask;
            words[(int) (bit >>> 6)] |= 1L << bit;
            hash += step;
        }
    }

    boolean mayContain(String path) {
        long hash = hash(path);
        long step = mix(hash) | 1;
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = hash & mask;
            if ((words[(int) (bit >>> 6)] & 1L << bit) == 0) {
                return false;
            }
            hash += step;
        }
        return true;
    }

    /** FNV-1a over the characters, and the finalizer of splitmix64. */
    private long hash(String path) {
        long hash = 0xcbf29ce484222325L ^ seed;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
