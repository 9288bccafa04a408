package org.netloop.frontend.fuse;

import org.netloop.api.message.Printable;
import org.netloop.api.message.Secrets;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.volume.ImageVolume;
import org.netloop.api.volume.Volume;
import org.netloop.api.volume.VolumeStatus;

import java.time.Duration;
import java.util.Locale;

/** The status of a volume for people and {@code grep}: a line a fact, the fact's name first. */
final class StatusText {
    private static final double MILLION = 1e6;

    private StatusText() {}

    static String of(Volume volume) {
        StringBuilder text = new StringBuilder();
        line(text, "volume", volume.name());
        line(text, "image", volume.identity());
        line(text, "size", volume.size());
        if (volume instanceof ImageVolume image) {
            line(text, "verified", image.image().verification().meaning());
            try {
                status(text, image.status());
            } catch (IllegalStateException e) {
                line(text, "state", e.getMessage() == null ? "unknown" : e.getMessage());
            }
        }
        return text.toString();
    }

    private static void status(StringBuilder text, VolumeStatus status) {
        line(text, "reference", status.reference());
        line(text, "reads", status.reads());
        line(text, "bytes-read", status.bytesRead());
        line(text, "failed-reads", status.failedReads());
        line(text, "plain-hits", status.plainHits());
        line(text, "stored-hits", status.storedHits());
        line(text, "fetches", status.fetches());
        line(text, "bytes-fetched", status.bytesFetched());
        line(text, "blocks-under-way", status.flights());
        VolumeStatus.Ahead ahead = status.ahead();
        if (ahead.window() > 0) {
            line(text, "fetches-ahead-at-a-time", ahead.window());
            line(text, "blocks-ahead", ahead.blocks());
            line(text, "bytes-ahead", ahead.bytes());
            line(text, "blocks-ahead-joined", ahead.joined());
            line(text, "streams-ahead", ahead.streams());
            line(text, "profile", ahead.profile().isEmpty() ? "none" : ahead.profile());
            line(text, "filled", String.format(Locale.ROOT, "%.1f %%", 100 * ahead.filled()));
        }
        line(text, "mirror-policy", status.policy());
        status.mirrors().forEach(mirror -> mirror(text, mirror));
        status.failures()
                .forEach(failure -> line(text, "failure", failure.at() + " " + failure.message()));
    }

    /** A mirror that sent only little has a latency and no rate yet. */
    static String measured(MirrorState mirror) {
        Duration latency = mirror.latency();
        if (latency == null) {
            return "never measured";
        }
        String time = String.format(Locale.ROOT, "%.1f ms", latency.toNanos() / MILLION);
        return Double.isNaN(mirror.bytesPerSecond())
                ? time
                : time
                        + String.format(
                                Locale.ROOT, ", %.1f MB/s", mirror.bytesPerSecond() / MILLION);
    }

    private static void mirror(StringBuilder text, MirrorState mirror) {
        line(
                text,
                "mirror",
                mirror.base()
                        + " "
                        + mirror.condition()
                        + ", "
                        + measured(mirror)
                        + ", "
                        + mirror.fetches()
                        + " fetches, "
                        + mirror.failures()
                        + " failures");
        if (mirror.lastFailure() != null) {
            line(text, "mirror-failure", mirror.lastFailure());
        }
    }

    private static void line(StringBuilder text, String name, Object value) {
        String shown = Printable.line(Secrets.hide(String.valueOf(value)));
        text.append(name).append(": ").append(shown).append('\n');
    }
}
