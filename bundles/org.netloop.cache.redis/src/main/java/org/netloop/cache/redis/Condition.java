package org.netloop.cache.redis;

import org.netloop.api.health.Finding;
import org.netloop.api.health.HealthStatus;
import org.netloop.api.status.Measures;
import org.netloop.api.status.Report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * State of a shared cache, for people. Does no I/O. Thread-safe.
 *
 * @param name what they call the server
 * @param blocks the cache
 */
record Condition(String name, SharedBlocks blocks) {
    private static final String KIND = "shared cache";
    private static final String NEVER_EVICTS = "noeviction";

    /** Returns what there is to say. */
    List<Finding> findings() {
        List<Finding> all = new ArrayList<>();
        Link link = blocks.link();
        if (!link.isUp()) {
            String why = link.trouble();
            all.add(
                    warn(
                            "it is not used: " + (why.isEmpty() ? "it did not answer yet" : why),
                            "reads go on without it; check the server, the network and "
                                    + RedisCache.PID));
            return all;
        }
        if (!blocks.sender().refusal().isEmpty()) {
            all.add(
                    warn(
                            "it takes no blocks: " + blocks.sender().refusal(),
                            "set maxmemory-policy allkeys-lru, or give the user the commands it"
                                    + " needs"));
        }
        Described server = blocks.sender().described();
        if (server.policy().equals(NEVER_EVICTS)) {
            all.add(
                    warn(
                            server.budget() == 0
                                    ? "its memory has no limit"
                                    : "it never drops a block: when it is full it takes no more",
                            "set maxmemory, and maxmemory-policy allkeys-lru"));
        }
        return all;
    }

    private Finding warn(String message, String advice) {
        return new Finding(HealthStatus.WARN, KIND + " " + name, message, advice);
    }

    /** Returns its state and figures. */
    Report report() {
        Measures measures = new Measures(Map.of());
        Link link = blocks.link();
        measures.gauge(
                        "netloop_shared_cache_up",
                        "",
                        "1 if it is used, 0 while it is set aside.",
                        link.isUp() ? 1 : 0)
                .gauge(
                        "netloop_shared_cache_queued_bytes",
                        "bytes",
                        "Memory of blocks that wait to be sent.",
                        blocks.backlog().size())
                .counter(
                        "netloop_shared_cache_dropped_blocks",
                        "blocks",
                        "Blocks that were not sent because too many waited.",
                        blocks.backlog().dropped());
        blocks.figures().measure(measures);
        return new Report(
                new Report.Part(KIND, name), state(link), link.trouble(), 0, measures.list());
    }

    private static Report.State state(Link link) {
        if (link.isUp()) {
            return Report.State.GOOD;
        }
        return link.trouble().isEmpty() ? Report.State.WAITING : Report.State.QUARANTINED;
    }
}
