package org.netloop.engine.fetch;

import org.netloop.api.transport.FetchException;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The mirrors of a volume. The list may be replaced at any time; what was measured is kept.
 * Thread-safe.
 */
public final class MirrorSet {
    private volatile List<Mirror> mirrors;

    /** With the base URIs in the order of the configuration. */
    public MirrorSet(List<URI> bases) {
        mirrors = bases.stream().distinct().map(Mirror::new).toList();
    }

    /** Replaces the list. Fetches under way at a mirror that is gone finish there. */
    public synchronized void replace(List<URI> bases) {
        Map<URI, Mirror> known =
                mirrors.stream().collect(Collectors.toMap(Mirror::base, Function.identity()));
        List<Mirror> next = new ArrayList<>();
        for (URI base : bases.stream().distinct().toList()) {
            Mirror old = known.get(base);
            next.add(old == null || old.isBarred() ? new Mirror(base) : old);
        }
        mirrors = List.copyOf(next);
    }

    /** Gives mirrors that denied access another chance: what they denied was not what is wanted. */
    public void unbar() {
        replace(mirrors.stream().map(Mirror::base).toList());
    }

    /**
     * Rests the mirror that served an object which proved wrong only later, so that the others are
     * asked before it.
     *
     * @param object the mirror's base or a URI below it
     */
    public void distrust(URI object, String why) {
        FetchException failure =
                new FetchException.Unavailable(
                        why, null, Duration.ofMillis(Mirror.LONGEST_REST_MS));
        mirrors.stream()
                .filter(mirror -> mirror.serves(object))
                .findFirst()
                .ifPresent(mirror -> mirror.failed(failure));
    }

    /** The mirrors, in the order of the configuration. */
    public List<Mirror> all() {
        return mirrors;
    }
}
