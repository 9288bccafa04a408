package org.netloop.engine.read;

import org.netloop.api.status.Durations;
import org.netloop.api.status.Measures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of a volume, and the times that the stages of its reads take, from its opening on.
 * Each is one line here, which gives it the name that operators see, and one line where it counts.
 * Thread-safe; counting takes no memory.
 */
public final class Counters {
    private record Named(
            String name, String unit, String help, Map<String, String> labels, LongAdder count) {}

    private record Timed(String stage, Durations durations) {}

    private static final String STAGE = "netloop_volume_stage_seconds";
    private static final String STAGE_HELP =
            "Time in a stage of a read. Of copies from memory (plain) one in 32 is timed.";
    private static final int SAMPLED = 32;

    /** Filled by the fields below, and never changed afterwards. */
    private final List<Named> all = new ArrayList<>();

    private final List<Timed> stages = new ArrayList<>();

    public final LongAdder reads = counter("reads", "", "Reads that were answered.");
    public final LongAdder bytesRead = counter("read_bytes", "bytes", "Bytes those reads had.");
    public final LongAdder failedReads = counter("failed_reads", "", "Reads that failed.");
    public final LongAdder plainHits = hits("plain");
    public final LongAdder storedHits = hits("stored");
    public final LongAdder sharedHits = hits("shared");
    public final LongAdder sharedWrong =
            counter("shared_wrong_blocks", "blocks", "Blocks of a shared cache with wrong bytes.");
    public final LongAdder fetches = counter("fetches", "", "Objects that came from mirrors.");
    public final LongAdder bytesFetched =
            counter("fetched_bytes", "bytes", "Bytes those objects had.");
    public final LongAdder rebuiltBlocks =
            counter("rebuilt_blocks", "blocks", "Blocks rebuilt from deltas.");
    public final LongAdder aheadBlocks =
            counter("prefetched_blocks", "blocks", "Blocks fetched before they were read.");
    public final LongAdder aheadBytes =
            counter("prefetched_bytes", "bytes", "Bytes fetched before they were read.");
    public final LongAdder aheadJoined =
            counter(
                    "prefetch_joined_blocks",
                    "blocks",
                    "Prefetched blocks that a reader came for while they were under way.");

    /** A read that had to wait for a block, from its beginning to its end. */
    public final Durations waits = new Durations();

    /** A copy of a block in memory; only if {@link #isSampled} says so. */
    public final Durations plainTime = stage("plain");

    /** A look into the cache of stored blocks that found the block. */
    public final Durations storedTime = stage("stored");

    /** A look into the cache that machines share, whether it found the block or not. */
    public final Durations sharedTime = stage("shared");

    /** A fetch from the mirrors with all its attempts, checks and decoding. */
    public final Durations mirrorTime = stage("mirror");

    /** The comparison of stored bytes with their digest. */
    public final Durations verifyTime = stage("verify");

    /** The decoding of a block. */
    public final Durations decodeTime = stage("decode");

    /** Returns whether to time an event that is too frequent for each to be timed. */
    static boolean isSampled() {
        return ThreadLocalRandom.current().nextInt(SAMPLED) == 0;
    }

    private Durations stage(String name) {
        Durations durations = new Durations();
        stages.add(new Timed(name, durations));
        return durations;
    }

    private LongAdder hits(String tier) {
        return counter(
                "cache_hits", "", "Blocks that came from a cache tier.", Map.of("tier", tier));
    }

    private LongAdder counter(String name, String unit, String help) {
        return counter(name, unit, help, Map.of());
    }

    private LongAdder counter(String name, String unit, String help, Map<String, String> labels) {
        LongAdder count = new LongAdder();
        all.add(new Named("netloop_volume_" + name, unit, help, labels, count));
        return count;
    }

    /** Adds all counters as they are now, with the labels of the collector. */
    public void measure(Measures measures) {
        for (Named one : all) {
            Measures labelled = measures;
            for (Map.Entry<String, String> label : one.labels().entrySet()) {
                labelled = labelled.with(label.getKey(), label.getValue());
            }
            labelled.counter(one.name(), one.unit(), one.help(), one.count().sum());
        }
        measures.durations(
                "netloop_volume_read_wait_seconds", "Time of reads that had to wait.", waits);
        for (Timed one : stages) {
            measures.with("stage", one.stage()).durations(STAGE, STAGE_HELP, one.durations());
        }
    }
}
