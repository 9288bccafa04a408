package org.netloop.control.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import org.netloop.api.health.Health;
import org.netloop.api.health.HealthCheck;
import org.netloop.control.registry.Kept;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Asks all health checks at once, each within its deadline. */
@Component(service = Health.class)
public final class AskedHealth implements Health {
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final Map<ServiceReference<HealthCheck>, Asked> checks = new ConcurrentHashMap<>();
    private final Kept<List<Outcome>> kept = new Kept<>(KEPT, this::ask);

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bind(ServiceReference<HealthCheck> reference, HealthCheck check) {
        checks.put(reference, Asked.of(reference, check));
    }

    void unbind(ServiceReference<HealthCheck> reference) {
        checks.remove(reference);
    }

    private List<Outcome> ask() throws InterruptedException {
        List<Asked.Answer> answers = checks.values().stream().map(Asked::ask).toList();
        List<Outcome> outcomes = new ArrayList<>();
        for (Asked.Answer answer : answers) {
            outcomes.add(answer.outcome());
        }
        outcomes.sort(Comparator.comparing(Outcome::check));
        return List.copyOf(outcomes);
    }

    @Override
    public List<Outcome> outcomes() throws InterruptedException {
        try {
            return kept.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
