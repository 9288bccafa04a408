package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.health.Finding;
import org.netloop.api.health.Health;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code health}: the outcomes of all health checks. */
public final class HealthVerb implements ControlVerb {
    private final Health health;

    /** Creates the verb of a running deployment. */
    public HealthVerb(Health health) {
        this.health = health;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws InterruptedException {
        List<Health.Outcome> outcomes = health.outcomes();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", Health.worst(outcomes).name());
        answer.put("checks", outcomes.stream().map(HealthVerb::outcome).toList());
        return answer;
    }

    private static Map<String, Object> outcome(Health.Outcome outcome) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("check", outcome.check());
        members.put("bundle", outcome.bundle());
        members.put("status", outcome.status().name());
        members.put("findings", outcome.findings().stream().map(HealthVerb::finding).toList());
        return members;
    }

    private static Map<String, Object> finding(Finding finding) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", finding.status().name());
        members.put("subject", finding.subject());
        members.put("message", finding.message());
        members.put("advice", finding.advice());
        return members;
    }
}
