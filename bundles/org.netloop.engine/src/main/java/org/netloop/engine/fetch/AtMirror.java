package org.netloop.engine.fetch;

import org.netloop.api.message.FeatureHint;
import org.netloop.api.message.Secrets;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.engine.lease.BackendException;
import org.netloop.engine.lease.Backends;
import org.netloop.engine.lease.Use;
import org.netloop.engine.retry.Deadline;
import org.netloop.engine.trace.Span;
import org.netloop.engine.trace.Trace;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

/**
 * Sends one request to one mirror, by the transport of its scheme, has the check look at what came,
 * and notes how the mirror did. The last stage. Thread-safe.
 */
final class AtMirror implements Stage {
    private final Backends<Transport> transports;
    private final Duration timeout;

    /**
     * @param timeout how long one mirror may take to deliver one object
     */
    AtMirror(Backends<Transport> transports, Duration timeout) {
        this.transports = transports;
        this.timeout = timeout;
    }

    /** The longest that a mirror may take to deliver one object. */
    Duration timeout() {
        return timeout;
    }

    /** Asks the first mirror of the errand. */
    @Override
    public void fetch(Errand errand) throws FetchException, BackendException, InterruptedException {
        Mirror mirror = errand.mirrors().getFirst();
        Wanted wanted = errand.wanted();
        URI uri = mirror.uri(wanted.path());
        Duration time = errand.deadline().leftAtMost(timeout);
        if (!time.isPositive()) {
            throw TimeIsUp.at(uri, "the time is up");
        }
        mirror.begins();
        try {
            transfer(mirror, wanted.at(uri, time), errand);
        } catch (FetchException e) {
            // A bucket that may not be listed denies what is not there: nobody needed it.
            boolean barsForNothing =
                    e instanceof FetchException.Denied && wanted.purpose() == FetchPurpose.PREFETCH;
            if (!barsForNothing) {
                mirror.failed(e);
            }
            throw e;
        } finally {
            mirror.ends();
        }
    }

    private void transfer(Mirror mirror, FetchRequest request, Errand errand)
            throws FetchException, BackendException, InterruptedException {
        ByteBuffer into = errand.into();
        int start = into.position();
        long began = System.nanoTime();
        Fetched fetched = traced(request, errand.wanted(), into);
        long took = System.nanoTime() - began;
        if (fetched.isUnchanged() && (request.known() == null || into.position() != start)) {
            throw new FetchException.Corrupt(
                    request.uri() + " is said to be unchanged, which was not asked for");
        }
        errand.check().accept(into.duplicate().flip().position(start), request.uri(), fetched);
        mirror.succeeded(took, into.position() - start, fetched);
    }

    private Fetched traced(FetchRequest request, Wanted wanted, ByteBuffer into)
            throws FetchException, InterruptedException {
        Span span = Trace.stage(Trace.ATTEMPT, wanted.path(), wanted.offset(), wanted.length());
        if (span.isRecorded()) {
            span.at(Secrets.hide(request.uri()));
        }
        boolean good = false;
        try {
            Fetched fetched = download(request, wanted, into);
            good = true;
            return fetched;
        } finally {
            span.end(good);
        }
    }

    /** A transport that fails in a way it should not is followed by the next one of its scheme. */
    private Fetched download(FetchRequest request, Wanted wanted, ByteBuffer into)
            throws FetchException, InterruptedException {
        String scheme = request.uri().getScheme();
        Deadline end = Deadline.in(request.timeout());
        for (int tries = 1; ; tries++) {
            try (Use<Transport> use = transports.enter(scheme, end.left())) {
                if (use == null) {
                    throw noTransport(scheme);
                }
                FetchRequest asked = wanted.at(request.uri(), timeLeft(end, request.uri()));
                // Its own view: it moves no limit of ours.
                ByteBuffer room = into.slice();
                Fetched fetched =
                        use.call(
                                FetchException.class,
                                transport ->
                                        Objects.requireNonNull(
                                                transport.fetch(asked, room), "no answer"));
                into.position(into.position() + room.position());
                return fetched;
            } catch (BackendException e) {
                if (tries >= transports.count(scheme)) {
                    throw new FetchException.Unavailable(request.uri() + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** The wait for a transport is part of the time of a request. */
    private static Duration timeLeft(Deadline end, URI uri) throws FetchException.Unavailable {
        Duration left = end.left();
        if (!left.isPositive()) {
            throw TimeIsUp.at(uri, "its transport was not ready in time");
        }
        return left;
    }

    private FetchException noTransport(String scheme) {
        return new FetchException.Unsupported(
                FeatureHint.absent("no transport for", "transport", scheme, transports.keys()));
    }
}
