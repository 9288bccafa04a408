package org.netloop.frontend.nbd;

import org.netloop.api.volume.Volume;

import java.util.concurrent.CompletableFuture;

/**
 * A volume as clients see it.
 *
 * @param name what clients ask for
 * @param volume what they read
 * @param rank 0 for the one that clients get who name none, once it is attached
 * @param clients who may see and open it
 * @param account what its clients use of the common memory
 * @param ended completes when it is detached
 */
record Export(
        String name,
        Volume volume,
        int rank,
        ClientNames clients,
        Memory.Account account,
        CompletableFuture<Void> ended) {
    private static final int SMALLEST_PREFERRED = 4096;
    private static final int WRITABLE =
            Nbd.FLAG_SEND_FLUSH
                    | Nbd.FLAG_SEND_FUA
                    | Nbd.FLAG_SEND_TRIM
                    | Nbd.FLAG_SEND_WRITE_ZEROES
                    | Nbd.FLAG_SEND_FAST_ZERO;

    /** Creates an export that every client may open. */
    Export(String name, Volume volume, int rank) {
        this(name, volume, rank, ClientNames.NONE);
    }

    Export(String name, Volume volume, int rank, ClientNames clients) {
        this(name, volume, rank, clients, new Memory.Account(), new CompletableFuture<>());
    }

    /**
     * Returns the length in bytes that reads should be multiples of: a power of two; a block's, if
     * that is one.
     */
    int preferredLength() {
        int block = volume.preferredLength();
        return Integer.bitCount(block) == 1
                ? Math.clamp(block, SMALLEST_PREFERRED, Nbd.MAX_REQUEST)
                : SMALLEST_PREFERRED;
    }

    /**
     * The transmission flags. A flush on one connection is one for all, so that a client may use
     * several, also to write.
     *
     * @param contexts whether the client has selected metadata contexts
     */
    int flags(Framing framing, boolean contexts) {
        return Nbd.FLAG_HAS_FLAGS
                | (volume.isWritable() ? WRITABLE : Nbd.FLAG_READ_ONLY)
                | Nbd.FLAG_CAN_MULTI_CONN
                | Nbd.FLAG_SEND_CACHE
                | (framing.hasParts() ? Nbd.FLAG_SEND_DF : 0)
                | (framing == Framing.EXTENDED && contexts ? Nbd.FLAG_BLOCK_STATUS_PAYLOAD : 0);
    }
}
