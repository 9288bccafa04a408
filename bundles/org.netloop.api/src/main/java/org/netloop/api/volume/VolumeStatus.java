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
 * @param ahead what was fetched before it was asked for
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
        List<Failure> failures,
        Ahead ahead) {

    /** Copies the lists. */
    public VolumeStatus {
        mirrors = List.copyOf(mirrors);
        failures = List.copyOf(failures);
    }

    /** Of a volume that fetches nothing before it is asked for. */
    public VolumeStatus(
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
        this(
                name,
                reference,
                policy,
                mirrors,
                reads,
                bytesRead,
                failedReads,
                plainHits,
                storedHits,
                fetches,
                bytesFetched,
                flights,
                failures,
                Ahead.NOTHING);
    }

    /**
     * What was fetched before it was asked for.
     *
     * @param window how many fetches the link is thought to carry at a time; 0 if nothing is
     *     fetched ahead
     * @param blocks how many blocks were fetched so
     * @param bytes how many bytes they had
     * @param joined for how many of them a reader came while they were under way
     * @param streams how many sequential readers are read ahead of now
     * @param profile the profile that is followed, and how far; empty if none is
     * @param filled the share of the image's stored blocks that the fill has dealt with, 0 to 1; 0
     *     without one
     */
    public record Ahead(
            int window,
            long blocks,
            long bytes,
            long joined,
            int streams,
            String profile,
            double filled) {
        /** Nothing was. */
        public static final Ahead NOTHING = new Ahead(0, 0, 0, 0, 0, "", 0);
    }

    /**
     * Something that went wrong.
     *
     * @param at when
     * @param message which block, which mirror and why
     */
    public record Failure(Instant at, String message) {}
}
