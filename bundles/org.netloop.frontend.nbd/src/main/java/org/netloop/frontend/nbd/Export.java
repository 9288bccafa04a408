package org.netloop.frontend.nbd;

import org.netloop.api.volume.Volume;

import java.util.concurrent.CompletableFuture;

/**
 * A volume as clients see it.
 *
 * @param name what clients ask for
 * @param volume what they read
 * @param rank 0 for the one that clients get who name none, once it is attached
 * @param account what its clients use of the common memory
 * @param ended completes when it is detached
 */
record Export(
        String name,
        Volume volume,
        int rank,
        Memory.Account account,
        CompletableFuture<Void> ended) {
    private static final int SMALLEST_PREFERRED = 4096;

    Export(String name, Volume volume, int rank) {
        this(name, volume, rank, new Memory.Account(), new CompletableFuture<>());
    }

    /** What reads should be multiples of: a power of two; a block, if it is one. */
    int preferredLength() {
        int block = volume.preferredLength();
        return Integer.bitCount(block) == 1
                ? Math.clamp(block, SMALLEST_PREFERRED, Nbd.MAX_REQUEST)
                : SMALLEST_PREFERRED;
    }

    static int flags(boolean structured) {
        return Nbd.FLAG_HAS_FLAGS
                | Nbd.FLAG_READ_ONLY
                | Nbd.FLAG_CAN_MULTI_CONN
                | Nbd.FLAG_SEND_CACHE
                | (structured ? Nbd.FLAG_SEND_DF : 0);
    }
}
