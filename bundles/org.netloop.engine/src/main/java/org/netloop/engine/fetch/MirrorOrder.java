package org.netloop.engine.fetch;

import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
    List<Mirror> of(Wanted wanted) throws InterruptedException {
        List<Mirror> all = mirrors.all();
        if (all.size() == 1) {
            return all;
        }
        Map<URI, Mirror> byBase =
                all.stream().collect(Collectors.toMap(Mirror::base, Function.identity()));
        List<MirrorState> askable =
                all.stream()
                        .map(Mirror::state)
                        .filter(state -> state.condition() != MirrorState.Condition.BARRED)
                        .toList();
        if (askable.isEmpty()) {
            return all;
        }
        List<Mirror> ordered = new ArrayList<>();
        for (MirrorState state : ordered(askable, wanted)) {
            Mirror mirror = byBase.remove(state.base());
            if (mirror != null) {
                ordered.add(mirror);
            }
        }
        return ordered;
    }

    /**
     * Orders the mirrors by the policy, those at rest last; without a usable policy the configured
     * order holds.
     */
    private List<MirrorState> ordered(List<MirrorState> askable, Wanted wanted)
            throws InterruptedException {
        List<MirrorState> order = new ArrayList<>(askable);
        try (Use<MirrorPolicy> use = policies.enterIfWell(ANY_POLICY)) {
            if (use != null) {
                order = use.call(policy -> permuted(policy, askable, wanted));
            }
        } catch (BackendException e) {
            // It was counted and told. Mirrors are asked in their configured order.
            LOG.debug("{}", e.getMessage(), e);
        }
        order.sort(Comparator.comparing(MirrorState::condition));
        return order;
    }

    private static List<MirrorState> permuted(
            MirrorPolicy policy, List<MirrorState> askable, Wanted wanted) {
        List<MirrorState> chosen =
                new ArrayList<>(policy.order(askable, wanted.purpose(), wanted.length()));
        if (chosen.size() != askable.size() || !chosen.containsAll(askable)) {
            throw new IllegalStateException(
                    "it returned no permutation of " + askable.size() + " mirrors");
        }
        return chosen;
    }
}
