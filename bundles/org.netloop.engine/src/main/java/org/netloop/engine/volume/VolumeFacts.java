package org.netloop.engine.volume;

import org.netloop.api.index.ImageInfo;
import org.netloop.api.message.Secrets;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.volume.VolumeStatus;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The status of a volume as facts of its report. */
final class VolumeFacts {
    private static final double MILLION = 1e6;

    private VolumeFacts() {}

    static Map<String, Object> of(VolumeStatus status, ImageInfo image, Set<URI> disabled) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("reference", Secrets.hide(status.reference()));
        facts.put("image", image.digest().toString());
        facts.put("size", image.size());
        facts.put("policy", status.policy());
        facts.put("reads", status.reads());
        facts.put("bytes-read", status.bytesRead());
        facts.put("failed-reads", status.failedReads());
        facts.put("plain-hits", status.plainHits());
        facts.put("stored-hits", status.storedHits());
        facts.put("fetches", status.fetches());
        facts.put("bytes-fetched", status.bytesFetched());
        facts.put("flights", status.flights());
        List<Map<String, Object>> mirrors = new ArrayList<>();
        status.mirrors().forEach(mirror -> mirrors.add(mirror(mirror)));
        disabled.forEach(
                base -> mirrors.add(Map.of("base", Secrets.hide(base), "condition", "DISABLED")));
        facts.put("mirrors", mirrors);
        facts.put(
                "failures",
                status.failures().stream().map(f -> f.at() + " " + f.message()).toList());
        return facts;
    }

    private static Map<String, Object> mirror(MirrorState mirror) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("base", Secrets.hide(mirror.base()));
        facts.put("condition", mirror.condition().name());
        if (mirror.latency() != null) {
            facts.put("latency-ms", mirror.latency().toNanos() / MILLION);
        }
        if (!Double.isNaN(mirror.bytesPerSecond())) {
            facts.put("megabytes-per-second", mirror.bytesPerSecond() / MILLION);
        }
        facts.put("fetches", mirror.fetches());
        facts.put("failures", mirror.failures());
        if (mirror.lastFailure() != null) {
            facts.put("last-failure", mirror.lastFailure());
        }
        return facts;
    }
}
