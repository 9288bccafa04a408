package org.netloop.engine.volume;

import org.netloop.api.index.ImageInfo;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.status.Measures;
import org.netloop.api.volume.Volume;
import org.netloop.engine.fetch.Mirror;

import java.net.URI;
import java.util.Map;

/** The measures of an image and of its mirrors, apart from what {@code Counters} counts. */
final class VolumeMeasures {
    private static final String CONDITION = "netloop_mirror_condition";
    private static final String CONDITION_HELP = "Whether the mirror is asked.";
    private static final double NANOS = 1e9;

    private VolumeMeasures() {}

    static Measures of(String volume) {
        return new Measures(Map.of(Volume.LABEL, volume));
    }

    static void image(ImageInfo image, Measures measures) {
        measures.text(
                        "netloop_volume_identity",
                        "Digest of the image's manifest or index.",
                        image.digest().toString())
                .gauge("netloop_volume_size_bytes", "bytes", "Size of the image.", image.size())
                .text(
                        "netloop_volume_verification",
                        "What the blocks of the image are verified against.",
                        image.verification().meaning());
    }

    static void mirror(Mirror measured, Measures all) {
        MirrorState mirror = measured.state();
        Measures measures = all.with("mirror", mirror.base().toString());
        measures.text(CONDITION, CONDITION_HELP, condition(mirror));
        if (mirror.latency() != null) {
            measures.gauge(
                    "netloop_mirror_latency_seconds",
                    "seconds",
                    "Time from a request to its first byte, smoothed.",
                    mirror.latency().toNanos() / NANOS);
        }
        measures.durations(
                        "netloop_mirror_fetch_seconds",
                        "Time of successful fetches, from the request to the last byte.",
                        measured.times())
                .gauge(
                        "netloop_mirror_throughput_bytes_per_second",
                        "bytes_per_second",
                        "Bytes per second of all fetches under way together, smoothed.",
                        mirror.bytesPerSecond())
                .gauge(
                        "netloop_mirror_pending_fetches",
                        "",
                        "Fetches under way.",
                        mirror.inFlight())
                .counter("netloop_mirror_fetches", "", "Fetches that succeeded.", mirror.fetches())
                .counter("netloop_mirror_failures", "", "Fetches that failed.", mirror.failures())
                .counter(
                        "netloop_mirror_fetched_bytes",
                        "bytes",
                        "Bytes that came from the mirror.",
                        mirror.bytesFetched());
        if (mirror.lastFailure() != null) {
            measures.text(
                    "netloop_mirror_last_failure",
                    "What the last failed fetch said.",
                    mirror.lastFailure());
        }
    }

    /** A mirror that failed when it was asked last is not called good once it has rested. */
    static String condition(MirrorState mirror) {
        return mirror.condition() == Condition.GOOD && mirror.consecutiveFailures() > 0
                ? "FAILING"
                : mirror.condition().name();
    }

    /** A mirror that is configured not to be asked. */
    static void disabled(URI base, Measures all) {
        all.with("mirror", base.toString()).text(CONDITION, CONDITION_HELP, "DISABLED");
    }
}
