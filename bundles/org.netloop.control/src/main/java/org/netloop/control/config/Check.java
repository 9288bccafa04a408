package org.netloop.control.config;

import org.netloop.api.index.Reference;
import org.netloop.api.message.FeatureHint;
import org.netloop.control.config.Schema.Described;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says what is wrong with a configuration before anything is done with it: what the descriptions of
 * its kinds do not allow, and what its parts say of each other. Used by one thread.
 */
public final class Check {
    static final String VOLUME = "org.netloop.volume";
    private static final String OVERLAY = "org.netloop.overlay";
    static final String ATTACHMENT = "org.netloop.attachment";
    private static final String OURS = "org.netloop.";

    private final Schema schema;
    private final Installed installed;
    private final List<Problem> problems = new ArrayList<>();

    private Check(Schema schema, Installed installed) {
        this.schema = schema;
        this.installed = installed;
    }

    /** All that is wrong; empty if nothing is. */
    public static List<Problem> problems(ConfigFiles files, Schema schema, Installed installed) {
        Check check = new Check(schema, installed);
        check.problems.addAll(files.problems());
        files.entries().forEach(check::described);
        if (check.problems.isEmpty()) {
            check.volumes(files.entries());
            check.attachments(files.entries());
        }
        return check.problems;
    }

    private void described(Entry entry) {
        Described described = schema.described().get(entry.kind());
        if (described == null) {
            // A plugin need not describe what it is configured with, nor be there yet.
            if (entry.kind().startsWith(OURS)) {
                problems.add(
                        entry.problem(
                                "no installed bundle is configured by it; there are "
                                        + String.join(", ", schema.described().keySet())));
            }
            return;
        }
        if (described.several() == entry.name().isEmpty()) {
            problems.add(
                    entry.problem(
                            described.several()
                                    ? "there may be several: write " + entry.kind() + "~NAME"
                                    : "there is only one: write " + entry.kind()));
        }
        entry.values().forEach((key, value) -> key(entry, described, key, value.value()));
        described.attributes().values().stream()
                .filter(a -> a.required() && !entry.values().containsKey(a.id()))
                .forEach(
                        a ->
                                problems.add(
                                        entry.problem(
                                                "'"
                                                        + a.id()
                                                        + "' is missing: "
                                                        + a.description())));
    }

    private void key(Entry entry, Described described, String key, Object value) {
        Attribute attribute = described.attributes().get(key);
        if (attribute == null) {
            problems.add(
                    entry.problem(
                            key,
                            "there is no such key; there are "
                                    + String.join(", ", described.attributes().keySet())));
            return;
        }
        String refusal = attribute.refusal(value);
        if (refusal != null) {
            problems.add(
                    entry.problem(
                            key,
                            "it is "
                                    + refusal
                                    + (attribute.description().isEmpty()
                                            ? ""
                                            : " (" + attribute.description() + ")")));
        }
    }

    private void volumes(List<Entry> entries) {
        Map<String, Entry> byName = new HashMap<>();
        for (Entry entry : entries) {
            if (!entry.kind().equals(VOLUME)) {
                continue;
            }
            Entry first = byName.putIfAbsent(text(entry, "name"), entry);
            if (first != null) {
                problems.add(
                        entry.problem("name", "volume " + first.pid() + " has this name already"));
            }
            mirrors(entry);
        }
    }

    private void mirrors(Entry entry) {
        Set<URI> bases = new HashSet<>();
        try {
            bases.add(
                    readable(
                            entry,
                            "reference",
                            Reference.parse(text(entry, "reference")).repository()));
        } catch (IllegalArgumentException e) {
            problems.add(entry.problem("reference", String.valueOf(e.getMessage())));
        }
        for (URI mirror : uris(entry, "mirrors")) {
            bases.add(readable(entry, "mirrors", mirror));
        }
        for (URI disabled : uris(entry, "mirrors.disabled")) {
            bases.remove(disabled);
        }
        if (bases.isEmpty()) {
            problems.add(entry.problem("mirrors.disabled", "no mirror is left to be asked"));
        }
    }

    private List<URI> uris(Entry entry, String key) {
        List<URI> uris = new ArrayList<>();
        for (String text : texts(entry, key)) {
            try {
                uris.add(Reference.uri(text));
            } catch (IllegalArgumentException e) {
                problems.add(entry.problem(key, "'" + text + "' is not a URI: " + e.getMessage()));
            }
        }
        return uris;
    }

    private URI readable(Entry entry, String key, URI base) {
        if (!installed.schemes().contains(base.getScheme())) {
            problems.add(
                    entry.problem(
                                    key,
                                    "no transport reads "
                                            + base
                                            + "; there are transports for "
                                            + installed.schemes()
                                            + "; "
                                            + FeatureHint.of("transport", base.getScheme()))
                            .passing());
        }
        return base;
    }

    private void attachments(List<Entry> entries) {
        Set<String> volumes = new HashSet<>();
        entries.stream()
                .filter(entry -> entry.kind().equals(VOLUME) || entry.kind().equals(OVERLAY))
                .forEach(entry -> volumes.add(text(entry, "name")));
        for (Entry entry : entries) {
            if (!entry.kind().equals(ATTACHMENT)) {
                continue;
            }
            if (!volumes.contains(text(entry, "volume"))) {
                problems.add(
                        entry.problem(
                                "volume", "no volume is called '" + text(entry, "volume") + "'"));
            }
            if (!installed.frontends().contains(text(entry, "frontend"))) {
                problems.add(
                        entry.problem(
                                        "frontend",
                                        "there is no frontend '"
                                                + text(entry, "frontend")
                                                + "'; there are "
                                                + installed.frontends())
                                .passing());
            }
            for (String option : texts(entry, "options")) {
                if (option.indexOf('=') < 1) {
                    problems.add(entry.problem("options", "'" + option + "' is not key=value"));
                }
            }
        }
    }

    /** A text that the description of its kind requires. */
    static String text(Entry entry, String key) {
        Entry.Value value = entry.values().get(key);
        return value == null ? "" : String.valueOf(value.value());
    }

    static List<String> texts(Entry entry, String key) {
        Entry.Value value = entry.values().get(key);
        return switch (value == null ? null : value.value()) {
            case List<?> several -> several.stream().map(String::valueOf).toList();
            case null -> List.of();
            case Object one -> List.of(String.valueOf(one));
        };
    }

    /** Returns the refusal of a name that none of the volumes has. */
    public static RefusedException noVolume(String name, Collection<String> there) {
        String others =
                there.isEmpty() ? "there are none" : "there are " + String.join(", ", there);
        return new RefusedException("no volume is called '" + name + "'; " + others);
    }
}
