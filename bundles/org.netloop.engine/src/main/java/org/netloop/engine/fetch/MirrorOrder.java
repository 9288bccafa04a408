package org.netloop.engine.fetch;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The mirrors that may be asked, in the order of the policy that is there. Thread-safe. */
final class MirrorOrder {
    /** The single key of mirror policies: the best-ranked one is used. */
    static final String ANY_POLICY = "";

    private static final Logger LOG = LoggerFactory.getLogger(MirrorOrder.class);

    private final MirrorSet mirrors;
    private final Backends<MirrorPolicy> policies;

    MirrorOrder(MirrorSet mirrors, Backends<MirrorPolicy> policies) {
        this.mirrors = mirrors;
        this.policies = policies;
    }

    /** Best first. Those that are barred are left out, unless there is no other one. */
    Tiers of(Wanted wanted) throws InterruptedException {
        List<Mirror> all = mirrors.all();
        if (all.size() == 1) {
            return Tiers.of(all);
        }
        Map<URI, Mirror> byBase =
                all.stream().collect(Collectors.toMap(Mirror::base, Function.identity()));
        List<MirrorState> askable =
                all.stream()
                        .map(Mirror::state)
                        .filter(state -> state.condition() != MirrorState.Condition.BARRED)
                        .toList();
        if (askable.isEmpty()) {
            return Tiers.of(all);
        }
        Choice choice = chosen(askable, wanted);
        return new Tiers(mirrors(choice.near(), byBase), mirrors(choice.far(), byBase));
    }

    /**
     * Returns the mirrors to ask for what decides which image is read: like {@link #of}, but each
     * part in the order of the configuration.
     */
    Tiers inTurn(Wanted wanted) throws InterruptedException {
        List<Mirror> order = mirrors.inOrder();
        Set<Mirror> far = Set.copyOf(of(wanted).far());
        Tiers tiers =
                new Tiers(
                        order.stream().filter(mirror -> !far.contains(mirror)).toList(),
                        order.stream().filter(far::contains).toList());
        return tiers.near().isEmpty() ? Tiers.of(order) : tiers;
    }

    /** Both parts of what may be asked, as the policy has them. */
    private record Choice(List<MirrorState> near, List<MirrorState> far) {}

    private static List<Mirror> mirrors(List<MirrorState> states, Map<URI, Mirror> byBase) {
        return states.stream()
                .sorted(Comparator.comparing(MirrorState::condition))
                .map(state -> byBase.get(state.base()))
                .toList();
    }

    /** Asks the policy; the configured order holds if there is no usable one. */
    private Choice chosen(List<MirrorState> askable, Wanted wanted) throws InterruptedException {
        try (Use<MirrorPolicy> use = policies.enterIfWell(ANY_POLICY)) {
            if (use != null) {
                return use.call(policy -> chosen(policy, askable, wanted));
            }
        } catch (BackendException e) {
            // It was counted and told. Mirrors are asked in their configured order.
            LOG.debug("{}", e.getMessage(), e);
        }
        return new Choice(askable, List.of());
    }

    private static Choice chosen(MirrorPolicy policy, List<MirrorState> askable, Wanted wanted) {
        List<MirrorState> near = policy.near(askable).stream().distinct().toList();
        if (near.isEmpty() || !askable.containsAll(near)) {
            throw new IllegalStateException(
                    "it keeps to " + near.size() + " mirrors, not to some of " + askable.size());
        }
        List<MirrorState> far = askable.stream().filter(state -> !near.contains(state)).toList();
        return new Choice(
                permuted(policy, near, wanted),
                far.isEmpty() ? far : permuted(policy, far, wanted));
    }

    private static List<MirrorState> permuted(
            MirrorPolicy policy, List<MirrorState> mirrors, Wanted wanted) {
        List<MirrorState> chosen =
                List.copyOf(policy.order(mirrors, wanted.purpose(), wanted.length()));
        if (chosen.size() != mirrors.size() || !chosen.containsAll(mirrors)) {
            throw new IllegalStateException(
                    "it returned no permutation of " + mirrors.size() + " mirrors");
        }
        return chosen;
    }
}
