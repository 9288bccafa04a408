package com.example.homeland;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchPurpose;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Mirrors of one's own country first, the nearer ones before the others. It sees what the engine
 * measured, and returns a permutation.
 */
@Component(
        service = MirrorPolicy.class,
        configurationPid = "com.example.homeland",
        property = "service.ranking:Integer=20")
public final class HomelandPolicy implements MirrorPolicy {
    private static final int ONE_IN = 10;

    /** Configuration: {@code {"com.example.homeland": {"domain": ".de"}}}. */
    @interface Config {
        String domain() default ".de";
    }

    private final String domain;

    /** Created by Declarative Services. */
    @Activate
    public HomelandPolicy(Config config) {
        this(config.domain());
    }

    /** Creates a policy that prefers mirrors whose host is in that domain. */
    public HomelandPolicy(String domain) {
        this.domain = domain;
    }

    @Override
    public String id() {
        return "homeland";
    }

    /** Now and then what was never measured comes first: else it never would be. */
    @Override
    public List<MirrorState> order(List<MirrorState> mirrors, FetchPurpose purpose, long length) {
        boolean curious = ThreadLocalRandom.current().nextInt(ONE_IN) == 0;
        List<MirrorState> ordered = new ArrayList<>(mirrors);
        ordered.sort(
                Comparator.comparing((MirrorState each) -> each.condition())
                        .thenComparing(each -> !isNear(each))
                        .thenComparing(each -> distance(each, curious)));
        return ordered;
    }

    private boolean isNear(MirrorState mirror) {
        String host = mirror.base().getHost();
        return host != null && host.endsWith(domain);
    }

    /** Twice as far is another distance; less is not worth leaving the configured order. */
    private static int distance(MirrorState mirror, boolean curious) {
        Duration latency = mirror.latency();
        if (latency == null) {
            return curious ? -1 : Long.SIZE;
        }
        return Long.SIZE - Long.numberOfLeadingZeros(latency.toMillis());
    }
}
