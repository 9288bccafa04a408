package org.netloop.mirror;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchPurpose;
import org.osgi.service.component.annotations.Component;

import java.time.Duration;
import java.util.List;

/**
 * The one first that should be done first: its latency, and the time the bytes take at its rate
 * after what is under way there already. So what is small goes to the nearest, and what is much is
 * spread in proportion to what each gives. The one that is used unless another is ranked higher.
 */
@Component(service = MirrorPolicy.class, property = "service.ranking:Integer=10")
public final class ThroughputPolicy implements MirrorPolicy {
    private static final double NANOS = 1e9;

    /** A block of the usual size, compressed. */
    private static final long USUAL_LENGTH = 96 << 10;

    private final CostOrder order = new CostOrder();

    /** Created by Declarative Services. */
    public ThroughputPolicy() {}

    @Override
    public String id() {
        return "throughput";
    }

    @Override
    public List<MirrorState> order(List<MirrorState> mirrors, FetchPurpose purpose, long length) {
        long bytes = length < 0 ? USUAL_LENGTH : length;
        return order.order(mirrors, mirror -> cost(mirror, bytes));
    }

    private static double cost(MirrorState mirror, long bytes) {
        Duration latency = mirror.latency();
        if (latency == null) {
            return Double.NaN;
        }
        double transfer =
                Double.isNaN(mirror.bytesPerSecond()) ? 0 : bytes * NANOS / mirror.bytesPerSecond();
        return (latency.toNanos() + transfer * (1 + mirror.inFlight()))
                * (1.0 + mirror.consecutiveFailures());
    }
}
