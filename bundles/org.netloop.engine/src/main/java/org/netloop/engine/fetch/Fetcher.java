package org.netloop.engine.fetch;

import org.jspecify.annotations.Nullable;
import org.netloop.api.block.ObjectPath;
import org.netloop.api.mirror.MirrorPolicy;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fetches objects of a repository from its mirrors: in the policy's order, one after the other
 * until one has it, the next one also when one is late; and again with growing pauses until the
 * deadline. Thread-safe.
 */
public final class Fetcher {
    private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 2_000;

    /**
     * So much later than its tail a mirror is no longer waited for, whatever hedges cost by now and
     * however the next one did.
     */
    private static final int BEYOND_DOUBT = 4;

    private static final Duration LONG_ENOUGH = Duration.ofMillis(500);

    /** The single key of mirror policies: the best-ranked one is used. */
    public static final String ANY_POLICY = "";

    private final MirrorSet mirrors;
    private final Backends<Transport> transports;
    private final MirrorOrder order;
    private final Hedges hedges = new Hedges();
    private final Probe probe;
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
        this.order = new MirrorOrder(mirrors, policies);
        this.probe = new Probe(mirrors);
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
    public record Wanted(String path, long offset, long length, FetchPurpose purpose) {
        /** The last look at a path before it becomes a URI, wherever it is from. */
        public Wanted {
            ObjectPath.requireInsideOrBeside(path, "what is fetched");
        }
    }

    /**
     * @param inTurn whether mirrors are asked in the order of the configuration and none before the
     *     one before it failed, however late that is
     */
    private record Fetch(
            Wanted wanted, ByteBuffer into, Check check, Deadline deadline, boolean inTurn) {}

    /** Says whether what was fetched is what was wanted. */
    @FunctionalInterface
    public interface Check {
        /**
         * @param bytes from the first fetched byte to the last
         * @param from where they came from
         * @param object what the transport learned of the object they are of
         * @throws FetchException if it is not, or cannot be used here
         * @throws BackendException if a backend failed over it, which is not the mirror's fault
         */
        void accept(ByteBuffer bytes, URI from, Fetched object)
                throws FetchException, BackendException, InterruptedException;
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
        run(name, new Fetch(wanted, into, check, deadline, false));
    }

    /**
     * As {@link #fetch}, for what no digest vouches for and that decides what is read: mirrors are
     * asked in the order of the configuration, and none because another one is late.
     */
    public void fetchInTurn(
            String name, Wanted wanted, ByteBuffer into, Check check, Deadline deadline)
            throws FetchException, InterruptedException {
        run(name, new Fetch(wanted, into, check, deadline, true));
    }

    private void run(String name, Fetch fetch) throws FetchException, InterruptedException {
        Wanted wanted = fetch.wanted();
        ByteBuffer into = fetch.into();
        Deadline deadline = fetch.deadline();
        Attempts attempts = new Attempts();
        int start = into.position();
        for (int round = 0; ; round++) {
            if (askAll(name, fetch, start, attempts)) {
                probe(wanted, into.position() - start);
                return;
            }
            if (!attempts.worthRepeating(round + 1) || !pause(round, deadline)) {
                throw attempts.conclusion(name, mirrors.all().size());
            }
        }
    }

    /** Whether one of them gave it. */
    private boolean askAll(String name, Fetch fetch, int start, Attempts attempts)
            throws FetchException, InterruptedException {
        Deque<Mirror> left =
                new ArrayDeque<>(fetch.inTurn() ? mirrors.inOrder() : order.of(fetch.wanted()));
        while (!left.isEmpty()) {
            Mirror mirror = left.remove();
            fetch.into().position(start);
            FetchException failure;
            try {
                failure = tryAt(mirror, left, fetch, attempts);
            } catch (BackendException e) {
                // Another mirror has the same bytes: they would fare no better.
                LOG.debug("{}: {}", name, e.getMessage());
                attempts.add(e);
                return false;
            }
            if (failure == null) {
                return true;
            }
            LOG.debug("{}: {}", name, failure.getMessage());
            if (isOfTheObject(failure, fetch, start) || fetch.deadline().passed()) {
                throw attempts.conclusion(name, mirrors.all().size());
            }
        }
        return false;
    }

    /**
     * What came cannot be used here, wherever it comes from; a mirror whose own URI no transport
     * takes sends nothing, and the next one may be well.
     */
    private static boolean isOfTheObject(FetchException failure, Fetch fetch, int start) {
        return failure instanceof FetchException.Unsupported && fetch.into().position() > start;
    }

    private void probe(Wanted wanted, int length) {
        if (length > 0 && mirrors.all().size() > 1) {
            probe.after(wanted, length, this::probe);
        }
    }

    /** One attempt at one mirror; null if it gave what passes the check. */
    @Nullable FetchException ask(
            Mirror mirror, Wanted wanted, ByteBuffer into, Check check, Deadline deadline)
            throws BackendException, InterruptedException {
        return attempt(
                mirror, new Fetch(wanted, into, check, deadline, true), into, Race.Gate.open());
    }

    private void probe(Mirror mirror, Wanted wanted, ByteBuffer into)
            throws FetchException, BackendException, InterruptedException {
        FetchException failure =
                ask(mirror, wanted, into, (_, _, _) -> {}, Deadline.in(attemptTimeout));
        if (failure != null) {
            throw failure;
        }
    }

    /** False if the deadline comes before the pause is over. */
    static boolean pause(int round, Deadline deadline) throws InterruptedException {
        long bound = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(round, 10));
        long pause = bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
        if (deadline.left().toMillis() <= pause) {
            return false;
        }
        Thread.sleep(pause);
        return true;
    }

    /** At one mirror; or at the next one too, if this one is late. */
    private @Nullable FetchException tryAt(
            Mirror mirror, Deque<Mirror> left, Fetch fetch, Attempts attempts)
            throws BackendException, InterruptedException {
        boolean alone = fetch.inTurn() || fetch.wanted().purpose() == FetchPurpose.VERIFY;
        Mirror next = alone ? null : left.peek();
        if (next == null) {
            FetchException failure = attempt(mirror, fetch, fetch.into(), Race.Gate.open());
            if (failure != null) {
                attempts.add(mirror, failure);
            }
            return failure;
        }
        hedges.earn();
        Race race =
                new Race(
                        (at, into, gate) -> attempt(at, fetch, into, gate), fetch.into(), attempts);
        Duration tail = mirror.tail(fetch.wanted().length());
        Deadline beyondDoubt = Deadline.in(tail.multipliedBy(BEYOND_DOUBT).plus(LONG_ENOUGH));
        FetchException failure =
                race.run(
                        mirror,
                        next,
                        tail,
                        () ->
                                next.isGood() && (mirror.isLagging() || hedges.pay())
                                        || beyondDoubt.passed());
        if (race.askedSecond()) {
            left.remove();
        }
        return failure;
    }

    private @Nullable FetchException attempt(
            Mirror mirror, Fetch fetch, ByteBuffer into, Race.Gate gate)
            throws BackendException, InterruptedException {
        Wanted wanted = fetch.wanted();
        URI uri = mirror.uri(wanted.path());
        Duration left = fetch.deadline().left();
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
                    fetch.check(),
                    gate);
            return null;
        } catch (FetchException e) {
            // A bucket that may not be listed denies what is not there: nobody needed it.
            boolean barsForNothing =
                    e instanceof FetchException.Denied && wanted.purpose() == FetchPurpose.PREFETCH;
            if (!barsForNothing) {
                mirror.failed(e);
            }
            return e;
        } finally {
            mirror.ends();
        }
    }

    private void transfer(
            Mirror mirror, FetchRequest request, ByteBuffer into, Check check, Race.Gate gate)
            throws FetchException, BackendException, InterruptedException {
        int start = into.position();
        long began = System.nanoTime();
        Fetched fetched = download(request, into);
        long took = System.nanoTime() - began;
        boolean good = false;
        gate.enter();
        try {
            check.accept(into.duplicate().flip().position(start), request.uri(), fetched);
            good = true;
        } finally {
            gate.leave(good);
        }
        mirror.succeeded(took, into.position() - start, fetched);
    }

    /** A transport that fails in a way it should not is followed by the next one of its scheme. */
    private Fetched download(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        String scheme = request.uri().getScheme();
        for (int tries = 1; ; tries++) {
            try (Use<Transport> use = transports.enter(scheme, request.timeout())) {
                if (use == null) {
                    throw noTransport(scheme);
                }
                // Its own view: it moves no limit of ours.
                ByteBuffer room = into.slice();
                Fetched fetched =
                        use.call(
                                FetchException.class,
                                transport ->
                                        Objects.requireNonNull(
                                                transport.fetch(request, room), "no answer"));
                into.position(into.position() + room.position());
                return fetched;
            } catch (BackendException e) {
                if (tries >= transports.count(scheme)) {
                    throw new FetchException.Unavailable(request.uri() + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private FetchException noTransport(String scheme) {
        return new FetchException.Unsupported(
                "no transport for '"
                        + scheme
                        + "' is installed (there are "
                        + transports.keys()
                        + "); install the feature transport-"
                        + scheme);
    }
}
