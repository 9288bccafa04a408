package org.netloop.engine.fetch;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The mirrors of a volume. The list may be replaced at any time; what was measured is kept.
 * Thread-safe.
 */
public final class MirrorSet {
    private final LongSupplier clock;
    private volatile List<Mirror> mirrors;

    /** Creates a set of these base URIs, in the order of the configuration. */
    public MirrorSet(List<URI> bases) {
        this(bases, System::nanoTime);
    }

    /**
     * @param clock as {@link System#nanoTime}
     */
    MirrorSet(List<URI> bases, LongSupplier clock) {
        this.clock = clock;
        mirrors = bases.stream().distinct().map(base -> new Mirror(base, clock)).toList();
    }

    /** Replaces the list. Fetches under way at a mirror that is gone finish there. */
    public synchronized void replace(List<URI> bases) {
        Map<URI, Mirror> known =
                mirrors.stream().collect(Collectors.toMap(Mirror::base, Function.identity()));
        List<Mirror> next = new ArrayList<>();
        for (URI base : bases.stream().distinct().toList()) {
            Mirror old = known.get(base);
            next.add(old == null || old.isBarred() ? new Mirror(base, clock) : old);
        }
        mirrors = List.copyOf(next);
    }

    /** Gives mirrors that denied access another chance: what they denied was not what is wanted. */
    public void unbar() {
        replace(mirrors.stream().map(Mirror::base).toList());
    }

    /**
     * Sets the mirror that served a root which leads nowhere back behind the others for a while.
     *
     * @param object the mirror's base or a URI below it
     */
    public void distrust(URI object, String why) {
        mirrors.stream()
                .filter(mirror -> mirror.serves(object))
                .findFirst()
                .ifPresent(mirror -> mirror.distrust(why));
    }

    /**
     * Returns the mirrors that may be asked, in the configured order: a resting mirror keeps its
     * place, because its rest does not make the later ones more credible. Last are those whose root
     * led nowhere. All, if all are barred.
     */
    List<Mirror> inOrder() {
        List<Mirror> all = mirrors;
        List<Mirror> askable = all.stream().filter(mirror -> !mirror.isBarred()).toList();
        return (askable.isEmpty() ? all : askable)
                .stream().sorted(Comparator.comparing(Mirror::isDistrusted)).toList();
    }

    /** The mirrors, in the order of the configuration. */
    public List<Mirror> all() {
        return mirrors;
    }
}
