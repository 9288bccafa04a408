package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The services of one contract that are there now, the best one for each key. A service may leave
 * at any time: operations inside finish on it, new ones take its successor or wait for one.
 * Thread-safe.
 *
 * @param <S> the contract
 */
public final class Backends<S> {
    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    private final String kind;
    private final Duration grace;
    private final Origins origins;
    private final LongSupplier clock;
    private final List<Backend<S>> all = new ArrayList<>();
    private final Set<String> everSeen = ConcurrentHashMap.newKeySet();

    /** Backends by key, best first. Replaced as a whole under the monitor; read without it. */
    private volatile Map<String, List<Backend<S>>> ranked = Map.of();

    /**
     * @param kind what messages call such a service
     * @param grace how long a leaving service is kept for the operations inside it; one that keeps
     *     them for several times as long is taken to hang
     * @param origins tells what bundles services are of
     */
    public Backends(String kind, Duration grace, Origins origins) {
        this(kind, grace, origins, System::nanoTime);
    }

    /** Creates an empty set, with a clock in nanoseconds for the time a backend is left alone. */
    Backends(String kind, Duration grace, Origins origins, LongSupplier clock) {
        this.clock = clock;
        this.kind = kind;
        this.grace = grace;
        this.origins = origins;
    }

    /**
     * A service has come.
     *
     * @param keys what it is good for
     * @param properties its service properties: ranking and id decide between rivals
     */
    public synchronized void bind(S service, Set<String> keys, Map<String, ?> properties) {
        everSeen.addAll(keys);
        all.add(
                new Backend<>(
                        service,
                        kind,
                        keys,
                        origins.of(service, properties),
                        properties,
                        grace.multipliedBy(3).dividedBy(2).plusMillis(1),
                        clock));
        rebuild();
    }

    /**
     * A service leaves: returns when no operation is inside it any more, or the grace period is
     * over.
     */
    public void unbind(S service) {
        Backend<S> leaving = remove(service);
        if (leaving == null) {
            return;
        }
        leaving.gone().forEach(told -> Thread.ofVirtual().name("gone-" + kind).start(told));
        try {
            if (!leaving.retire(grace)) {
                LOG.warn(
                        "{} leaves with {} operations still inside after {} s",
                        leaving.name(),
                        leaving.inside(),
                        grace.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Backend<S> remove(S service) {
        for (Backend<S> backend : all) {
            if (backend.service() == service) {
                all.remove(backend);
                rebuild();
                return backend;
            }
        }
        return null;
    }

    private void rebuild() {
        all.sort(
                Comparator.<Backend<S>>comparingInt(Backend::ranking)
                        .reversed()
                        .thenComparingLong(Backend::id));
        Map<String, List<Backend<S>>> next = new HashMap<>();
        for (Backend<S> backend : all) {
            backend.keys()
                    .forEach(key -> next.computeIfAbsent(key, _ -> new ArrayList<>()).add(backend));
        }
        next.replaceAll((_, backends) -> List.copyOf(backends));
        ranked = Map.copyOf(next);
        notifyAll();
    }

    /** Returns the states of the backends, best-ranked first. */
    public synchronized List<BackendState> states() {
        return all.stream().map(Backend::state).toList();
    }

    /**
     * Has somebody told, on a thread of its own, when a service leaves, before those inside it have
     * left; at once, if it has left already.
     *
     * @return to be closed by whoever need not be told any more
     */
    public Telling whenGone(S service, Runnable told) {
        Backend<S> backend = find(service);
        if (backend == null || backend.isGoneOrTell(told)) {
            Thread.ofVirtual().name("gone-" + kind).start(told);
            return () -> {};
        }
        return () -> backend.tellNoMore(told);
    }

    private synchronized @Nullable Backend<S> find(S service) {
        return all.stream()
                .filter(backend -> backend.service() == service)
                .findFirst()
                .orElse(null);
    }

    /** Returns whether a service is still present. */
    public boolean has(S service) {
        return find(service) != null;
    }

    /** Returns the number of services for a key. */
    public int count(String key) {
        return ranked(key).size();
    }

    private List<Backend<S>> ranked(String key) {
        List<Backend<S>> backends = ranked.get(key);
        return backends == null ? List.of() : backends;
    }

    /** The keys there are services for, sorted. */
    public Collection<String> keys() {
        return new TreeSet<>(ranked.keySet());
    }

    /** The keys there are services for, those of the best-ranked services first, else sorted. */
    public List<String> keysByRank() {
        return ranked.entrySet().stream()
                .sorted(
                        Comparator.comparing(
                                        (Map.Entry<String, List<Backend<S>>> entry) ->
                                                entry.getValue().getFirst().ranking(),
                                        Comparator.reverseOrder())
                                .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Enters the best service for a key: one that does well, if there is one; null if there is none
     * at all now.
     */
    public @Nullable Use<S> enter(String key) {
        Use<S> use = enterIfWell(key);
        return use == null ? enter(key, _ -> true) : use;
    }

    /**
     * Enters the best service for a key that does well; null if there is none now: for what can be
     * done without.
     */
    public @Nullable Use<S> enterIfWell(String key) {
        long now = clock.getAsLong();
        for (Backend<S> backend : ranked(key)) {
            Use<S> use = backend.enterIfWell(now);
            if (use != null) {
                return use;
            }
        }
        return null;
    }

    /**
     * Enters the best service for a key, however it does, out of those wanted; null if there is
     * none now.
     *
     * @param wanted does not call the service
     */
    public @Nullable Use<S> enter(String key, Predicate<S> wanted) {
        for (; ; ) {
            List<Backend<S>> now = ranked(key);
            for (Backend<S> backend : now) {
                Use<S> use = wanted.test(backend.service()) ? backend.enter() : null;
                if (use != null) {
                    return use;
                }
            }
            // One that is being retired was taken out before: another look finds its successor.
            if (now == ranked(key)) {
                return null;
            }
        }
    }

    /**
     * Enters the best service for a key. If there was one and it left, its successor is waited for,
     * at most for the time given; null if none came, or there never was one.
     */
    public @Nullable Use<S> enter(String key, Duration patience) throws InterruptedException {
        Use<S> use = enter(key);
        if (use == null && !everSeen.contains(key)) {
            return null;
        }
        long end = System.nanoTime() + patience.toNanos();
        while (use == null) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            synchronized (this) {
                if (!ranked.containsKey(key)) {
                    wait(left / 1_000_000 + 1);
                }
            }
            use = enter(key);
        }
        return use;
    }

    /**
     * Enters the first service, by its key, that suits. While none does and some service is away,
     * its successor is waited for, at most for the time given; null if none came.
     *
     * @param suits asks the service
     */
    public @Nullable Use<S> enterFirst(Use.Call<S, Boolean> suits, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Map<String, List<Backend<S>>> now = ranked;
            for (String key : new TreeSet<>(now.keySet())) {
                Use<S> use = enterIf(suits, key);
                if (use != null) {
                    return use;
                }
            }
            long left = end - System.nanoTime();
            if (left <= 0 || now.keySet().containsAll(everSeen)) {
                return null;
            }
            synchronized (this) {
                if (ranked == now) {
                    wait(left / 1_000_000 + 1);
                }
            }
        }
    }

    private @Nullable Use<S> enterIf(Use.Call<S, Boolean> suits, String key)
            throws InterruptedException {
        Use<S> use = enter(key);
        boolean good = false;
        try {
            good = use != null && use.call(suits);
            return good ? use : null;
        } catch (BackendException _) {
            // It was counted. What cannot tell does not suit.
            return null;
        } finally {
            if (use != null && !good) {
                use.close();
            }
        }
    }
}
