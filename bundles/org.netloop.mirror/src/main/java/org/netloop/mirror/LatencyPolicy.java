package org.netloop.mirror;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchPurpose;
import org.osgi.service.component.annotations.Component;

import java.time.Duration;
import java.util.List;

/**
 * The nearest first: <em>netselect</em> of the HTTP-FUSE CLOOP paper, measured by the fetches
 * themselves.
 */
@Component(service = MirrorPolicy.class, property = "service.ranking:Integer=5")
public final class LatencyPolicy implements MirrorPolicy {
    private final CostOrder order = new CostOrder();

    /** Created by Declarative Services. */
    public LatencyPolicy() {}

    @Override
    public String id() {
        return "latency";
    }

    @Override
    public List<MirrorState> order(List<MirrorState> mirrors, FetchPurpose purpose, long length) {
        return order.order(mirrors, LatencyPolicy::cost);
    }

    private static double cost(MirrorState mirror) {
        Duration latency = mirror.latency();
        return latency == null
                ? Double.NaN
                : latency.toNanos() * (1.0 + mirror.consecutiveFailures());
    }
}
