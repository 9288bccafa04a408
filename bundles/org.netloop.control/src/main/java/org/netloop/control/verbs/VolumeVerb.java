package org.netloop.control.verbs;

import static java.util.stream.Collectors.joining;

import org.netloop.api.control.ControlRequest;
import org.netloop.api.control.ControlVerb;
import org.netloop.api.index.Reference;
import org.netloop.api.message.Secrets;
import org.netloop.control.config.Entry;
import org.netloop.control.config.LiveConfiguration;
import org.netloop.control.config.RefusedException;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code volume.set} and the changes of a volume's mirrors, in force and in its file. */
public final class VolumeVerb implements ControlVerb {
    /** The verbs it answers. */
    public static final List<String> NAMES =
            List.of("volume.set", "mirror.add", "mirror.remove", "mirror.disable", "mirror.enable");

    private static final String MIRRORS = "mirrors";
    private static final String DISABLED = "mirrors.disabled";

    private final LiveConfiguration configuration;

    /** Creates the verb of a running deployment. */
    public VolumeVerb(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    /** A change waits until it has taken effect, which has a limit of its own. */
    @Override
    public Duration limit() {
        return LONGEST_LIMIT;
    }

    @Override
    public boolean isChange(ControlRequest request) {
        return true;
    }

    @Override
    public Map<String, ?> answer(ControlRequest request) throws IOException, InterruptedException {
        String volume = request.text("volume");
        return request.verb().equals("volume.set")
                ? set(volume, request.texts("set"))
                : mirror(request.verb(), volume, request.text("uri"));
    }

    private static Map<String, ?> said(String message) {
        return Map.of("message", message);
    }

    private Map<String, ?> set(String volume, Map<String, String> words)
            throws IOException, InterruptedException {
        configuration.set(configuration.volume(volume).pid(), words);
        String values = words.entrySet().stream().map(String::valueOf).collect(joining(", "));
        return said("volume " + volume + " has " + values);
    }

    private Map<String, ?> mirror(String what, String volume, String uri)
            throws IOException, InterruptedException {
        Entry entry = configuration.volume(volume);
        URI base = Reference.uri(uri);
        List<String> mirrors = new ArrayList<>(LiveConfiguration.texts(entry, MIRRORS));
        List<String> disabled = new ArrayList<>(LiveConfiguration.texts(entry, DISABLED));
        boolean adds = what.equals("mirror.add");
        Predicate<String> isMeant = text -> isSame(Reference.parse(text).repository(), base, adds);
        Optional<String> origin = origin(entry).filter(isMeant);
        boolean first = origin.isPresent();
        String configured =
                mirrors.stream().filter(isMeant).findFirst().or(() -> origin).orElse(uri);
        boolean listed = mirrors.removeIf(isMeant);
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

    /** The repository of the volume's own reference. */
    private static Optional<String> origin(Entry entry) {
        return LiveConfiguration.texts(entry, "reference").stream()
                .map(text -> Reference.parse(text).repository().toString())
                .findFirst();
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
