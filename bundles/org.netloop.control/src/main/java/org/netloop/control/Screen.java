package org.netloop.control;

import org.netloop.api.message.Sizes;
import org.netloop.control.health.Words;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * The state of a deployment on one screen: what is wrong, then volumes, mirrors and caches with the
 * figures that matter. Used by one thread.
 */
final class Screen {
    /** Stands for a value that is not there yet, as in the other tables. */
    private static final String UNMEASURED = "-";

    private final PrintStream out;

    Screen(PrintStream out) {
        this.out = out;
    }

    void print(Map<String, Object> health, Status status) {
        out.println("HEALTH  " + Words.of(health.get("status")));
        for (Map<?, ?> check : Answers.rows(health, "checks")) {
            Answers.rows(check, "findings").forEach(this::finding);
        }
        status.refusal().ifPresent(why -> out.println("the files are refused: " + why));
        List<Status.Part> volumes = status.parts("volume");
        volumes(volumes, status.parts("attachment"));
        mirrors(volumes);
        caches(status.parts("cache tier"));
        others(status.parts());
    }

    private void finding(Map<?, ?> finding) {
        String advice = Answers.told(finding, "advice").map(text -> "; " + text).orElse("");
        out.println(
                "  "
                        + Words.of(finding.get("status"))
                        + "  "
                        + finding.get("subject")
                        + ": "
                        + finding.get("message")
                        + advice);
    }

    private void volumes(List<Status.Part> volumes, List<Status.Part> attachments) {
        Listing table =
                new Listing("VOLUME", "STATE", "READS", "FAILED", "READ", "FETCHED", "PENDING");
        for (Status.Part volume : volumes) {
            table.row(
                    volume.name(),
                    volume.state(),
                    volume.text("netloop_volume_reads"),
                    volume.text("netloop_volume_failed_reads"),
                    bytes(volume, "netloop_volume_read_bytes"),
                    bytes(volume, "netloop_volume_fetched_bytes"),
                    volume.text("netloop_volume_pending_blocks"));
            attachments.stream()
                    .filter(each -> each.isLabelled("volume", volume.name()))
                    .forEach(each -> table.detail(each.name() + ": " + each.state()));
        }
        print(table);
    }

    private void mirrors(List<Status.Part> volumes) {
        Listing table =
                new Listing("MIRROR", "VOLUME", "CONDITION", "LATENCY", "FETCHES", "FAILURES");
        for (Status.Part volume : volumes) {
            volume.by("mirror")
                    .forEach(
                            (name, mirror) ->
                                    table.row(
                                            name,
                                            volume.name(),
                                            mirror.condition(),
                                            latency(mirror),
                                            mirror.text("netloop_mirror_fetches"),
                                            mirror.text("netloop_mirror_failures")));
        }
        print(table);
    }

    private void caches(List<Status.Part> tiers) {
        Listing table = new Listing("CACHE", "BLOCKS", "USED", "BUDGET", "EVICTIONS");
        for (Status.Part tier : tiers) {
            table.row(
                    tier.name(),
                    tier.text("netloop_cache_blocks"),
                    bytes(tier, "netloop_cache_used_bytes"),
                    bytes(tier, "netloop_cache_budget_bytes"),
                    tier.text("netloop_cache_evictions"));
        }
        print(table);
    }

    /** Prints the parts that are not good and have no table of their own. */
    private void others(List<Status.Part> parts) {
        Listing table = new Listing("PART", "STATE", "NAME");
        for (Status.Part part : parts) {
            boolean shown = List.of("volume", "attachment").contains(part.kind());
            if (!shown && !part.state().equals("good")) {
                table.row(part.kind(), part.state(), part.name());
                part.message().ifPresent(table::detail);
            }
        }
        print(table);
    }

    private void print(Listing table) {
        if (!table.isEmpty()) {
            out.println();
            table.print(out);
        }
    }

    private static String bytes(Status.Part part, String measure) {
        double bytes = part.number(measure);
        return Double.isNaN(bytes) ? UNMEASURED : Sizes.human((long) bytes);
    }

    private static String latency(Status.Part mirror) {
        double seconds = mirror.number("netloop_mirror_latency_seconds");
        return Double.isNaN(seconds) ? UNMEASURED : "%.1f ms".formatted(seconds * 1000);
    }
}
