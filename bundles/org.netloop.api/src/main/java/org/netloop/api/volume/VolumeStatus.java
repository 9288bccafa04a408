package org.netloop.api.volume;

import org.netloop.api.mirror.MirrorState;

import java.time.Instant;
import java.util.List;

/**
 * What goes on in a volume. Counters run from its opening.
 *
 * @param name the volume
 * @param reference what it was opened from
 * @param policy the id of the mirror policy in use
 * @param mirrors its mirrors, in the order of the configuration
 * @param reads how many reads were answered
 * @param bytesRead how many bytes they asked for
 * @param failedReads how many reads failed
 * @param plainHits how many blocks came from the plain cache
 * @param storedHits how many blocks came from the stored cache
 * @param fetches how many objects came from mirrors
 * @param bytesFetched how many bytes they had
 * @param flights how many blocks are under way now
 * @param failures the latest failures, newest first, a few dozen at the most
 */
public record VolumeStatus(
        String name,
        String reference,
        String policy,
        List<MirrorState> mirrors,
        long reads,
        long bytesRead,
        long failedReads,
        long plainHits,
        long storedHits,
        long fetches,
        long bytesFetched,
        int flights,
        List<Failure> failures) {

    /** Copies the lists. */
    public VolumeStatus {
        mirrors = List.copyOf(mirrors);
        failures = List.copyOf(failures);
    }

    /**
     * Something that went wrong.
     *
     * @param at when
     * @param message which block, which mirror and why
     */
    public record Failure(Instant at, String message) {}
}
