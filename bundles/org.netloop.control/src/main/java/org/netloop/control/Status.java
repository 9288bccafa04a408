package org.netloop.control;

import com.fasterxml.jackson.jr.ob.JSON;

import org.netloop.control.config.Check;
import org.netloop.control.health.Words;
import org.netloop.control.socket.ControlSocket;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer of a deployment to {@code status}. Immutable.
 *
 * @param answer as it came
 */
record Status(Map<String, Object> answer) {

    static Status ask(StateOption state) throws IOException {
        return new Status(ControlSocket.ask(state.socket(), Map.of("do", "status")));
    }

    /** Returns the reason why the configuration files are refused; empty if they are not. */
    Optional<String> refusal() {
        return Answers.told(answer, "refused");
    }

    /** All parts. */
    List<Part> parts() {
        return Answers.rows(answer, "parts").stream().map(Part::new).toList();
    }

    List<Part> parts(String kind) {
        return parts().stream().filter(part -> kind.equals(part.kind())).toList();
    }

    /**
     * Returns the volume of a name.
     *
     * @throws IOException if there is none; the message names those that there are
     */
    Part volume(String name) throws IOException {
        List<Part> volumes = parts("volume");
        for (Part volume : volumes) {
            if (volume.name().equals(name)) {
                return volume;
            }
        }
        throw Check.noVolume(name, volumes.stream().map(Part::name).toList());
    }

    /** One line of JSON; parts in it are as they came. */
    static String json(Map<String, List<Part>> parts) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        parts.forEach((name, of) -> members.put(name, of.stream().map(Part::row).toList()));
        return JSON.std.asString(members);
    }

    /**
     * A part of the deployment.
     *
     * @param row its members, as they came
     */
    record Part(Map<?, ?> row) {
        private static final String MEASURES = "measures";

        String kind() {
            return String.valueOf(row.get("kind"));
        }

        String name() {
            return String.valueOf(row.get("name"));
        }

        /** Returns the state in lower case. */
        String state() {
            return Words.of(row.get("state"));
        }

        /** Returns the condition of a mirror in lower case; empty if this is not one. */
        String condition() {
            return Words.of(text("netloop_mirror_condition"));
        }

        Optional<String> message() {
            return Answers.told(row, "message");
        }

        private List<Map<?, ?>> measures() {
            return Answers.rows(row, MEASURES);
        }

        private Optional<Object> value(String measure) {
            return measures().stream()
                    .filter(each -> measure.equals(each.get("name")))
                    .<Object>map(each -> Objects.requireNonNull(each.get("value")))
                    .findFirst();
        }

        /** The value of the first measure of a name as text; empty if there is none. */
        String text(String measure) {
            return value(measure).map(String::valueOf).orElse("");
        }

        /** The value of the first measure of a name; NaN if there is none. */
        double number(String measure) {
            return value(measure).orElse(Double.NaN) instanceof Number number
                    ? number.doubleValue()
                    : Double.NaN;
        }

        /** Returns whether one of its measures has a label with that value. */
        boolean isLabelled(String label, String value) {
            return measures().stream()
                    .anyMatch(each -> value.equals(Answers.map(each, "labels").get(label)));
        }

        /** The measures that have a label, apart for each of its values, in their order. */
        Map<String, Part> by(String label) {
            Map<String, List<Map<?, ?>>> groups = new LinkedHashMap<>();
            for (Map<?, ?> measure : measures()) {
                if (Answers.map(measure, "labels").get(label) instanceof String value) {
                    groups.computeIfAbsent(value, _ -> new ArrayList<>()).add(measure);
                }
            }
            Map<String, Part> parts = new LinkedHashMap<>();
            groups.forEach((value, of) -> parts.put(value, new Part(Map.of(MEASURES, of))));
            return parts;
        }

        /** Returns its measures as lines, like those of the status file beside a mounted image. */
        List<String> lines() {
            return measures().stream().map(Part::line).toList();
        }

        private static String line(Map<?, ?> measure) {
            StringBuilder labels = new StringBuilder();
            Answers.map(measure, "labels")
                    .forEach(
                            (label, value) ->
                                    labels.append(labels.isEmpty() ? "" : ",")
                                            .append(label)
                                            .append("=\"")
                                            .append(value)
                                            .append('"'));
            Object value =
                    measure.get("value") instanceof Map<?, ?> histogram
                            ? histogram.get("text")
                            : measure.get("value");
            return measure.get("name")
                    + (labels.isEmpty() ? "" : "{" + labels + "}")
                    + (value instanceof String text ? " \"" + text + '"' : " " + value);
        }
    }
}
