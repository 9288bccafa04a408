package org.netloop.verifier;

import org.netloop.launcher.Need;
import org.osgi.framework.Version;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Findings about a plugin so far. Filled in by the verification; read by the watchdog too, if the
 * verification does not end. Thread-safe.
 */
final class Report {
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final List<Need> needs = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final List<Tested> suites = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private volatile String stage = "opening it";
    private boolean partial;

    /**
     * A service of a contract that the plugin registered.
     *
     * @param contract the interface
     * @param description what tells it from others of the contract
     */
    record Service(String contract, String description) {}

    /**
     * A suite that ran on a service, or the plugin's own tests.
     *
     * @param name the suite
     * @param subject the service
     * @param passed how many tests did
     * @param failures the tests that did not, with why
     */
    record Tested(String name, String subject, long passed, List<String> failures) {}

    synchronized void fact(String name, Object value) {
        facts.put(name, value);
    }

    synchronized void needs(List<Need> all) {
        needs.addAll(all);
    }

    synchronized void service(Service service) {
        services.add(service);
    }

    synchronized void tested(Tested suite) {
        suites.add(suite);
        int failed = suite.failures().size();
        if (failed > 0) {
            problems.add(
                    "%s of %s: %d of %d tests fail"
                            .formatted(
                                    suite.name(),
                                    suite.subject(),
                                    failed,
                                    suite.passed() + failed));
        }
    }

    /** Adds a defect for which the plugin must not be used. */
    synchronized void problem(String text) {
        if (!problems.contains(text)) {
            problems.add(text);
        }
    }

    /** Adds a remark that does not prevent use. */
    synchronized void note(String text) {
        notes.add(text);
    }

    /** A suite that was not run, and why: what was found is not the whole. */
    synchronized void untested(String text) {
        notes.add(text);
        partial = true;
    }

    /** Sets the current step, reported if it never ends. */
    void stage(String text) {
        stage = text;
    }

    String stage() {
        return stage;
    }

    synchronized boolean isGood() {
        return problems.isEmpty();
    }

    /** Returns the report for programs. */
    synchronized Map<String, Object> members() {
        Map<String, Object> all = new LinkedHashMap<>(facts);
        all.put("needs", needs.stream().map(Report::members).toList());
        all.put(
                "services",
                services.stream()
                        .map(one -> Map.of("contract", one.contract(), "is", one.description()))
                        .toList());
        all.put("suites", suites.stream().map(Report::members).toList());
        all.put("notes", List.copyOf(notes));
        all.put("problems", List.copyOf(problems));
        all.put("good", problems.isEmpty());
        return all;
    }

    private static Map<String, Object> members(Need need) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kind", need.namespace());
        all.put("name", need.name());
        all.put("wants", need.range());
        all.put(
                "has",
                need.offers().stream().map(Need.Offer::version).map(Version::toString).toList());
        all.put("from", need.providers());
        all.put("optional", need.optional());
        all.put("fits", need.problem().isEmpty());
        return all;
    }

    private static Map<String, Object> members(Tested suite) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("suite", suite.name());
        all.put("subject", suite.subject());
        all.put("passed", suite.passed());
        all.put("failures", suite.failures());
        return all;
    }

    /** Returns the report for people. */
    synchronized String text() {
        StringBuilder out = new StringBuilder();
        facts.forEach((name, value) -> line(out, name, String.valueOf(value)));
        needs.stream()
                .filter(need -> !need.isOfFramework())
                .forEach(
                        need ->
                                line(
                                        out,
                                        need.isContract() ? "contract" : "needs",
                                        sentence(need)));
        services.forEach(one -> line(out, "service", one.contract() + "  " + one.description()));
        for (Tested suite : suites) {
            line(
                    out,
                    "suite",
                    "%s of %s: %d passed, %d failed"
                            .formatted(
                                    suite.name(),
                                    suite.subject(),
                                    suite.passed(),
                                    suite.failures().size()));
            suite.failures().forEach(failure -> line(out, "", failure));
        }
        notes.forEach(note -> line(out, "note", note));
        problems.forEach(problem -> line(out, "problem", problem));
        line(out, "verdict", verdict());
        return out.toString();
    }

    private String verdict() {
        if (!problems.isEmpty()) {
            return "not to be used";
        }
        if (suites.isEmpty()) {
            return "good as far as was tested: no suite was run";
        }
        return partial ? "good as far as was tested: not all suites were run" : "good";
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append(String.format("%-10s %s%n", name, value));
    }

    private static String sentence(Need need) {
        String none = need.optional() ? "no bundle (optional)" : "no bundle";
        String who = need.providers().isEmpty() ? none : String.join(", ", need.providers());
        if (!need.isContract()) {
            return "%s %s %s  from %s".formatted(need.namespace(), need.name(), need.range(), who);
        }
        String has =
                need.offers().stream()
                        .map(offer -> offer.version().toString())
                        .collect(Collectors.joining(", "));
        return "%s %s, wanted in %s  from %s"
                .formatted(need.name(), has.isEmpty() ? "none" : has, need.range(), who);
    }
}
