package org.netloop.engine.lease;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A service that is there, or is leaving. Thread-safe.
 *
 * @param <S> the contract
 */
final class Backend<S> {
    private final S service;
    private final String kind;
    private final Set<String> keys;
    private final String origin;
    private final long bundle;
    private final int ranking;
    private final long id;
    private final Lease lease = new Lease();
    private final Health health;
    private final long limitNanos;
    private final AtomicLong nextTurn;
    private final LongSupplier clock;

    /** Callbacks for the time the service leaves; null once it has left. */
    private @Nullable List<Runnable> whenGone = new ArrayList<>();

    /**
     * @param limit an operation that is inside for twice as long is taken to hang
     * @param clock in nanoseconds, from any begin
     */
    Backend(
            S service,
            String kind,
            Set<String> keys,
            String origin,
            Map<String, ?> properties,
            Duration limit,
            LongSupplier clock) {
        this.service = service;
        this.kind = kind;
        this.keys = Set.copyOf(keys);
        this.origin = origin;
        this.bundle = properties.get("service.bundleid") instanceof Long b ? b : -1;
        this.ranking = properties.get("service.ranking") instanceof Integer r ? r : 0;
        this.id = properties.get("service.id") instanceof Long i ? i : 0;
        this.health = new Health(name(), clock);
        this.limitNanos = limit.toNanos();
        this.nextTurn = new AtomicLong(clock.getAsLong() + limitNanos);
        this.clock = clock;
    }

    S service() {
        return service;
    }

    String kind() {
        return kind;
    }

    Set<String> keys() {
        return keys;
    }

    String origin() {
        return origin;
    }

    long bundle() {
        return bundle;
    }

    int ranking() {
        return ranking;
    }

    long id() {
        return id;
    }

    int inside() {
        return lease.inside();
    }

    Health health() {
        return health;
    }

    BackendState state() {
        watch(clock.getAsLong());
        return health.state(this);
    }

    /** Returns the name used in messages. */
    String name() {
        return kind + " " + BackendState.name(keys, origin);
    }

    /** Null if it is leaving. */
    @Nullable Use<S> enter() {
        long entered = lease.enter();
        return entered == 0 ? null : new Use<>(this, entered);
    }

    /** Enters like {@link #enter}; returns null also if the backend is to be left alone. */
    @Nullable Use<S> enterIfWell(long now) {
        watch(now);
        return health.mayEnter(now) ? enter() : null;
    }

    void leave(long entered) {
        lease.leave(entered);
    }

    /** Needs no thread: a backend that nobody wants to enter need not be watched. */
    private void watch(long now) {
        long due = nextTurn.get();
        if (now - due >= 0 && nextTurn.compareAndSet(due, now + limitNanos)) {
            health.overdue(lease.turn());
        }
    }

    boolean retire(Duration grace) throws InterruptedException {
        return lease.retire(grace);
    }

    /** True if it is gone already, and nobody will be told. */
    synchronized boolean isGoneOrTell(Runnable told) {
        if (whenGone != null) {
            whenGone.add(told);
        }
        return whenGone == null;
    }

    synchronized void tellNoMore(Runnable told) {
        if (whenGone != null) {
            whenGone.remove(told);
        }
    }

    synchronized List<Runnable> gone() {
        List<Runnable> all = whenGone == null ? List.of() : whenGone;
        whenGone = null;
        return all;
    }
}
