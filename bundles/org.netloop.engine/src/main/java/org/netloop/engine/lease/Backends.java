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

    private record Backend<S>(S service, Set<String> keys, int ranking, long id, Lease lease) {}

    private final String kind;
    private final Duration grace;
    private final List<Backend<S>> all = new ArrayList<>();
    private final Set<String> everSeen = ConcurrentHashMap.newKeySet();

    /** Replaced as a whole under the monitor; read without it. */
    private volatile Map<String, Backend<S>> best = Map.of();

    /**
     * @param kind what messages call such a service
     * @param grace how long a leaving service is kept for the operations inside it
     */
    public Backends(String kind, Duration grace) {
        this.kind = kind;
        this.grace = grace;
    }

    /**
     * A service has come.
     *
     * @param keys what it is good for
     * @param properties its service properties: ranking and id decide between rivals
     */
    public synchronized void bind(S service, Set<String> keys, Map<String, ?> properties) {
        int ranking = properties.get("service.ranking") instanceof Integer r ? r : 0;
        long id = properties.get("service.id") instanceof Long i ? i : 0;
        everSeen.addAll(keys);
        all.add(new Backend<>(service, Set.copyOf(keys), ranking, id, new Lease()));
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
        try {
            if (!leaving.lease().retire(grace)) {
                LOG.warn(
                        "{} {} leaves with {} operations still inside after {} s",
                        kind,
                        leaving.keys(),
                        leaving.lease().inside(),
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
        Map<String, Backend<S>> next = new HashMap<>();
        for (Backend<S> backend : all) {
            backend.keys().forEach(key -> next.putIfAbsent(key, backend));
        }
        best = Map.copyOf(next);
        notifyAll();
    }

    /** The keys there are services for, sorted. */
    public Collection<String> keys() {
        return new TreeSet<>(best.keySet());
    }

    /** The keys there are services for, those of the best-ranked services first, else sorted. */
    public List<String> keysByRank() {
        return best.entrySet().stream()
                .sorted(
                        Comparator.comparing(
                                        (Map.Entry<String, Backend<S>> entry) ->
                                                entry.getValue().ranking(),
                                        Comparator.reverseOrder())
                                .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Enters the best service for a key; null if there is none now. */
    public @Nullable Use<S> enter(String key) {
        for (; ; ) {
            Backend<S> backend = best.get(key);
            if (backend == null) {
                return null;
            }
            if (backend.lease().enter()) {
                return new Use<>(backend.service(), backend.lease());
            }
            // It is being retired: whoever retires it took it out of the map before.
            Thread.onSpinWait();
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
                if (!best.containsKey(key)) {
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
     */
    public @Nullable Use<S> enterFirst(Predicate<S> suits, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            Map<String, Backend<S>> now = best;
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
                if (best == now) {
                    wait(left / 1_000_000 + 1);
                }
            }
        }
    }

    private @Nullable Use<S> enterIf(Predicate<S> suits, String key) {
        Use<S> use = enter(key);
        boolean good = false;
        try {
            good = use != null && suits.test(use.service());
            return good ? use : null;
        } finally {
            if (use != null && !good) {
                use.close();
            }
        }
    }
}
