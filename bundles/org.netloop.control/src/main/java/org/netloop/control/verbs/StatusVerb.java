package org.netloop.control.verbs;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Report;
import org.netloop.control.bundles.PluginDirectory;
import org.netloop.control.config.LiveConfiguration;
import org.netloop.control.registry.Services;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code status}: the reports of all parts, with their measures. */
public final class StatusVerb implements ControlVerb {
    private final LiveConfiguration configuration;
    private final PluginDirectory plugins;
    private final Services services;

    /** Creates the verb of a running deployment. */
    public StatusVerb(LiveConfiguration configuration, PluginDirectory plugins, Services services) {
        this.configuration = configuration;
        this.plugins = plugins;
        this.services = services;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("refused", configuration.refusal());
        answer.put("plugins-refused", plugins.refusals());
        answer.put("parts", services.reports().stream().map(StatusVerb::part).toList());
        return answer;
    }

    private static Map<String, Object> part(Report report) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("kind", report.kind());
        part.put("name", report.name());
        part.put("state", report.state().name());
        part.put("message", report.message());
        List<Map<String, Object>> measures =
                report.measures().stream().map(StatusVerb::measure).toList();
        part.put("measures", measures);
        return part;
    }

    private static Map<String, Object> measure(Measure measure) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", measure.name());
        members.put("kind", measure.kind().name());
        members.put("unit", measure.unit());
        members.put("help", measure.help());
        members.put("labels", measure.labels());
        members.put(
                "value",
                switch (measure.value()) {
                    case Measure.Text(String text) -> text;
                    case Measure.Counter(long count) -> count;
                    case Measure.Gauge(double amount) when measure.isWhole() -> (long) amount;
                    case Measure.Gauge(double amount) -> amount;
                    case Measure.Histogram histogram -> histogram(histogram);
                });
        return members;
    }

    private static Map<String, Object> histogram(Measure.Histogram histogram) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("count", histogram.count());
        members.put("sum", histogram.sum());
        members.put("bounds", histogram.bounds());
        members.put("counts", histogram.counts());
        members.put("text", histogram.toString());
        return members;
    }
}
