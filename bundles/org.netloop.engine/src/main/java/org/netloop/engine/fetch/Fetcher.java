package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.mirror.MirrorState;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Fetches objects of a repository from its mirrors: in the policy's order, one after the other
 * until one has it, and again with growing pauses until the deadline. Thread-safe.
 */
public final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 2_000;

    /** The single key of mirror policies: the best-ranked one is used. */
    public static final String ANY_POLICY = "";

    private final MirrorSet mirrors;
    private final Backends<Transport> transports;
    private final Backends<MirrorPolicy> policies;
    private final Duration attemptTimeout;

    /**
     * @param attemptTimeout how long one mirror may take to deliver one object
     */
    public Fetcher(
            MirrorSet mirrors,
            Backends<Transport> transports,
            Backends<MirrorPolicy> policies,
            Duration attemptTimeout) {
        this.mirrors = mirrors;
        this.transports = transports;
        this.policies = policies;
        this.attemptTimeout = attemptTimeout;
    }

    /**
     * What to fetch.
     *
     * @param path relative to a mirror's base URI; empty for the base itself
     * @param offset the first byte wanted
     * @param length how many; {@link FetchRequest#TO_END} for all
     * @param purpose why
     */
    public record Wanted(String path, long offset, long length, FetchPurpose purpose) {}

    /** Says whether what was fetched is what was wanted. */
    @FunctionalInterface
    public interface Check {
        /**
         * @param bytes from the first fetched byte to the last
         * @param from where they came from
         * @param object what the transport learned of the object they are of
         * @throws FetchException if it is not, or cannot be used here
         */
        void accept(ByteBuffer bytes, URI from, Fetched object)
                throws FetchException, InterruptedException;
    }

    /**
     * Fetches to the position of {@code into}, and moves it on past what was fetched and checked.
     *
     * @param name what messages call it
     * @throws FetchException when no mirror gave it by the deadline; the message tells what each
     *     said
     */
    public void fetch(String name, Wanted wanted, ByteBuffer into, Check check, Deadline deadline)
            throws FetchException, InterruptedException {
        Attempts attempts = new Attempts();
        int start = into.position();
        for (int round = 0; ; round++) {
            for (Mirror mirror : order(wanted)) {
                into.position(start);
                FetchException failure = attempt(mirror, wanted, into, check, deadline);
                if (failure == null) {
                    return;
                }
                attempts.add(mirror, failure);
                LOG.debug("{}: {}", name, failure.getMessage());
                if (failure instanceof FetchException.Unsupported || deadline.passed()) {
                    throw attempts.conclusion(name, mirrors.all().size());
                }
            }
            if (!attempts.worthRepeating(round + 1) || !pause(round, deadline)) {
                throw attempts.conclusion(name, mirrors.all().size());
            }
        }
    }

    /** False if the deadline comes before the pause is over. */
    private static boolean pause(int round, Deadline deadline) throws InterruptedException {
        long bound = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(round, 10));
        long pause = bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
        if (deadline.left().toMillis() <= pause) {
            return false;
        }
        Thread.sleep(pause);
        return true;
    }

    private List<Mirror> order(Wanted wanted) {
        List<Mirror> all = mirrors.all();
        if (all.size() == 1) {
            return all.getFirst().isBarred() ? List.of() : all;
        }
        Map<URI, Mirror> byBase =
                all.stream().collect(Collectors.toMap(Mirror::base, Function.identity()));
        List<MirrorState> askable =
                all.stream()
                        .map(Mirror::state)
                        .filter(state -> state.condition() != MirrorState.Condition.BARRED)
                        .toList();
        if (askable.isEmpty()) {
            return List.of();
        }
        List<Mirror> ordered = new ArrayList<>();
        for (MirrorState state : ordered(askable, wanted)) {
            Mirror mirror = byBase.remove(state.base());
            if (mirror != null) {
                ordered.add(mirror);
            }
        }
        return ordered;
    }

    /**
     * Those at rest come last whatever a policy says; without a usable policy the configured order
     * holds.
     */
    private List<MirrorState> ordered(List<MirrorState> askable, Wanted wanted) {
        List<MirrorState> order = new ArrayList<>(askable);
        try (Use<MirrorPolicy> use = policies.enter(ANY_POLICY)) {
            if (use != null) {
                List<MirrorState> chosen =
                        use.service().order(askable, wanted.purpose(), wanted.length());
                if (chosen.size() == askable.size() && chosen.containsAll(askable)) {
                    order = new ArrayList<>(chosen);
                } else {
                    LOG.warn(
                            "mirror policy {} did not return a permutation; ignored",
                            use.service().id());
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("the mirror policy failed; mirrors are asked in their configured order", e);
        }
        order.sort(Comparator.comparing(MirrorState::condition));
        return order;
    }

    private @Nullable FetchException attempt(
            Mirror mirror, Wanted wanted, ByteBuffer into, Check check, Deadline deadline)
            throws InterruptedException {
        URI uri = mirror.uri(wanted.path());
        Duration left = deadline.left();
        Duration timeout = left.compareTo(attemptTimeout) < 0 ? left : attemptTimeout;
        if (!timeout.isPositive()) {
            return new FetchException.Unavailable(uri + " was not asked: the time is up", null);
        }
        mirror.begins();
        try {
            transfer(
                    mirror,
                    new FetchRequest(
                            uri, wanted.offset(), wanted.length(), timeout, wanted.purpose()),
                    into,
                    check);
            return null;
        } catch (FetchException e) {
            mirror.failed(e);
            return e;
        } finally {
            mirror.ends();
        }
    }

    private void transfer(Mirror mirror, FetchRequest request, ByteBuffer into, Check check)
            throws FetchException, InterruptedException {
        URI uri = request.uri();
        int start = into.position();
        long began = System.nanoTime();
        try (Use<Transport> use = transports.enter(uri.getScheme(), request.timeout())) {
            if (use == null) {
                throw new FetchException.Unsupported(
                        "no transport for '"
                                + uri.getScheme()
                                + "' is installed (there are "
                                + transports.keys()
                                + "); install the feature transport-"
                                + uri.getScheme());
            }
            Fetched fetched = use.service().fetch(request, into);
            long took = System.nanoTime() - began;
            check.accept(into.duplicate().flip().position(start), uri, fetched);
            mirror.succeeded(took, into.position() - start, fetched);
        } catch (RuntimeException | LinkageError e) {
            throw new FetchException.Unavailable("the transport for " + uri + " failed: " + e, e);
        }
    }
}
