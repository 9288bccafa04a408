package org.netloop.mirror;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.mirror.MirrorState.Condition;
import org.netloop.api.transport.FetchPurpose;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * Keeps fetches to the mirrors of a site while one of them answers, however slow it is. When none
 * does, this machine waits for a time of its own, drawn at random, before it asks distant mirrors:
 * the machines of a site do not come all at once. Present only where it is configured.
 *
 * <p>It keeps nothing between two calls: that the site answers again is seen by the first good
 * fetch.
 */
@Component(
        service = MirrorPolicy.class,
        configurationPid = "org.netloop.mirror.site",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=20")
@Designate(ocd = SiteFirstPolicy.Config.class)
public final class SiteFirstPolicy implements MirrorPolicy {

    @ObjectClassDefinition(
            name = "Mirrors of a site",
            description = "Mirrors near this machine, which are asked instead of distant ones")
    @interface Config {
        @AttributeDefinition(
                name = "Site mirrors",
                description =
                        "Base URIs of mirrors of the site, or what several of them begin with:"
                                + " http://cache.example/ stands for all repositories there")
        String[] mirrors();

        @AttributeDefinition(
                name = "Fallback spread (s)",
                min = "0",
                description =
                        "When no mirror of the site answers, each machine waits for a random time"
                                + " up to this one before it asks distant mirrors, in s: so many"
                                + " machines a second as the site has, divided by it. At most a"
                                + " third of the volumes' patience. 0: at once")
        int fallback_spread_s() default 10;
    }

    private final Site site;
    private final Duration delay;
    private final MirrorPolicy order = new ThroughputPolicy();

    /** Created by Declarative Services. */
    @Activate
    public SiteFirstPolicy(Config config) {
        this(
                Site.of(config.mirrors()),
                Duration.ofSeconds(config.fallback_spread_s()),
                bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /**
     * @param random draws a number from 0 on that is less than what it is given
     */
    SiteFirstPolicy(Site site, Duration spread, LongUnaryOperator random) {
        this.site = site;
        this.delay = Duration.ofMillis(random.applyAsLong(spread.toMillis() + 1));
    }

    @Override
    public String id() {
        return "site-first";
    }

    @Override
    public List<MirrorState> near(List<MirrorState> mirrors) {
        List<MirrorState> ofSite = mirrors.stream().filter(this::isOfSite).toList();
        return ofSite.stream().allMatch(this::isLeft) ? mirrors : ofSite;
    }

    /** Mirrors of the site first: if it was left, that is how its return is noticed. */
    @Override
    public List<MirrorState> order(List<MirrorState> mirrors, FetchPurpose purpose, long length) {
        return order.order(mirrors, purpose, length).stream()
                .sorted(
                        Comparator.comparing(MirrorState::condition)
                                .thenComparing(mirror -> !isOfSite(mirror)))
                .toList();
    }

    private boolean isOfSite(MirrorState mirror) {
        return site.has(mirror.base());
    }

    /**
     * Returns whether a mirror has failed for long enough, or is set back without a failure, as
     * what it served led nowhere: then there is nothing to wait for.
     */
    private boolean isLeft(MirrorState mirror) {
        return mirror.consecutiveFailures() > 0
                ? mirror.failingFor().compareTo(delay) >= 0
                : mirror.condition() != Condition.GOOD;
    }
}
