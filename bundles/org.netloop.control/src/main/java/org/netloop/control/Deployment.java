package org.netloop.control;

import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;
import org.netloop.api.status.Report;
import org.netloop.control.bundles.BundleManager;
import org.netloop.control.bundles.PluginDirectory;
import org.netloop.control.config.Entry;
import org.netloop.control.config.LiveConfiguration;
import org.netloop.control.config.RefusedException;
import org.netloop.control.recording.Recordings;
import org.netloop.control.registry.Services;
import org.netloop.control.socket.ControlSocket;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a running deployment does when it is asked to. Thread-safe. */
final class Deployment implements ControlSocket.Handler {
    private static final String MIRRORS = "mirrors";
    private static final String DISABLED = "mirrors.disabled";

    private final LiveConfiguration configuration;
    private final BundleManager bundles;
    private final PluginDirectory plugins;
    private final Services services;
    private final RecordingRequests recordings;

    Deployment(
            LiveConfiguration configuration,
            BundleManager bundles,
            PluginDirectory plugins,
            Services services,
            Recordings recordings) {
        this.configuration = configuration;
        this.bundles = bundles;
        this.plugins = plugins;
        this.services = services;
        this.recordings = new RecordingRequests(recordings);
    }

    @Override
    public Map<String, ?> answer(Map<String, Object> request)
            throws IOException, InterruptedException {
        String what = text(request, "do");
        return switch (what) {
            case "status" -> status();
            case "volume.set" -> set(request);
            case "mirror.add", "mirror.remove", "mirror.disable", "mirror.enable" ->
                    mirror(what, text(request, "volume"), text(request, "uri"));
            case RecordingRequests.BEGIN ->
                    recordings.begin(text(request, "volume"), text(request, "name"));
            case RecordingRequests.LOOK -> recordings.look(request);
            case RecordingRequests.END -> recordings.end(request);
            case "bundle.ls" -> list();
            case "bundle.install" -> said(bundles.install(Path.of(text(request, "file"))));
            case "bundle.update" -> said(bundles.update(Path.of(text(request, "file"))));
            case "bundle.start" -> said(bundles.start(text(request, "bundle")));
            case "bundle.stop" -> said(bundles.stop(text(request, "bundle")));
            case "bundle.uninstall" -> said(bundles.uninstall(text(request, "bundle")));
            case "bundle.rollback" -> said(bundles.rollback(text(request, "bundle")));
            default -> throw new RefusedException("'" + what + "' is nothing that can be asked");
        };
    }

    private static String text(Map<String, Object> request, String key) throws RefusedException {
        if (request.get(key) instanceof String text) {
            return text;
        }
        throw new RefusedException("the request does not say '" + key + "'");
    }

    private static Map<String, ?> said(String message) {
        return Map.of("message", message);
    }

    private Map<String, ?> status() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("refused", configuration.refusal());
        answer.put("plugins-refused", plugins.refusals());
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Report report : services.reports()) {
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("kind", report.kind());
            part.put("name", report.name());
            part.put("state", report.state().name());
            part.put("message", report.message());
            part.put("facts", report.facts());
            parts.add(part);
        }
        answer.put("parts", parts);
        return answer;
    }

    private Map<String, ?> list() {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<Report> reports = services.reports();
        for (BundleManager.Listed bundle : bundles.list()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", bundle.id());
            row.put("name", bundle.name());
            row.put("version", bundle.version());
            row.put("state", bundle.state());
            row.put("services", bundle.services());
            row.put("former", bundle.former());
            List<String> troubles = new ArrayList<>(bundle.waiting());
            troubles.addAll(troubles(reports, bundle.id()));
            row.put("troubles", troubles);
            rows.add(row);
        }
        return Map.of("bundles", rows, "plugins-refused", plugins.refusals());
    }

    private static List<String> troubles(List<Report> reports, long bundle) {
        return reports.stream()
                .filter(r -> r.state() != Report.State.GOOD)
                .filter(r -> r.facts().get("bundle") instanceof Long id && id == bundle)
                .map(r -> r.state() + " " + r.kind() + " " + r.name() + ": " + r.message())
                .toList();
    }

    private Map<String, ?> set(Map<String, Object> request)
            throws IOException, InterruptedException {
        String volume = text(request, "volume");
        if (!(request.get("set") instanceof Map<?, ?> given)) {
            throw new RefusedException("the request does not say what to set");
        }
        Map<String, String> words = new LinkedHashMap<>();
        given.forEach((key, value) -> words.put(String.valueOf(key), String.valueOf(value)));
        Entry entry = configuration.volume(volume);
        configuration.set(entry.pid(), words);
        return said("volume " + volume + " has " + words);
    }

    private Map<String, ?> mirror(String what, String volume, String uri)
            throws IOException, InterruptedException {
        Entry entry = configuration.volume(volume);
        URI base = Reference.uri(uri);
        List<String> mirrors = new ArrayList<>(LiveConfiguration.texts(entry, MIRRORS));
        List<String> disabled = new ArrayList<>(LiveConfiguration.texts(entry, DISABLED));
        boolean adds = what.equals("mirror.add");
        Predicate<String> isMeant = text -> isSame(Reference.parse(text).repository(), base, adds);
        String configured =
                Stream.concat(
                                mirrors.stream(),
                                LiveConfiguration.texts(entry, "reference").stream()
                                        .map(text -> Reference.parse(text).repository().toString()))
                        .filter(isMeant)
                        .findFirst()
                        .orElse(uri);
        boolean listed = mirrors.removeIf(isMeant);
        boolean first = LiveConfiguration.texts(entry, "reference").stream().anyMatch(isMeant);
        boolean off = disabled.removeIf(isMeant);
        switch (what) {
            case "mirror.add" -> {
                expect(
                        !listed && !first,
                        "volume " + volume + " has the mirror " + uri + " already");
                mirrors.add(uri);
                configuration.set(entry.pid(), MIRRORS, mirrors);
            }
            case "mirror.remove" -> {
                expect(
                        !first,
                        uri + " is the volume's reference: disable it, or set the reference");
                expect(listed, "volume " + volume + " has no mirror " + uri);
                configuration.set(entry.pid(), MIRRORS, mirrors);
                if (off) {
                    configuration.set(entry.pid(), DISABLED, disabled);
                }
            }
            case "mirror.disable" -> {
                expect(listed || first, "volume " + volume + " has no mirror " + uri);
                expect(!off, uri + " is disabled already");
                disabled.add(configured);
                configuration.set(entry.pid(), DISABLED, disabled);
            }
            default -> {
                expect(off, uri + " is not disabled");
                configuration.set(entry.pid(), DISABLED, disabled);
            }
        }
        return said("volume " + volume + ": " + what.replace("mirror.", "") + " " + uri);
    }

    /** A mirror may be named as it is shown, without its password, unless it is to be added. */
    private static boolean isSame(URI mirror, URI named, boolean exactly) {
        return mirror.equals(named)
                || (!exactly && Secrets.hide(mirror).equals(Secrets.hide(named)));
    }

    private static void expect(boolean holds, String otherwise) throws RefusedException {
        if (!holds) {
            throw new RefusedException(otherwise);
        }
    }
}
