package org.netloop.transport.s3;

import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Transport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

import software.amazon.awssdk.services.s3.model.GetObjectRequest;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Fetches from buckets, and publishes to them. Scheme {@code s3}. */
@Component(
        service = Transport.class,
        configurationPid = "org.netloop.transport.s3",
        property = Transport.SCHEMES + "=s3")
@Designate(ocd = S3Settings.class)
public final class S3Transport implements Transport {
    /** Most consecutive stale connections that are not blamed on the server. */
    private static final int STALE_CONNECTIONS = 4;

    private static final Pattern TAG = Pattern.compile("\"[\\x21\\x23-\\x7e]*\"");

    private final Accesses accesses;
    private final Clients clients;
    private final Duration publishingTimeout;

    /** Created by Declarative Services. */
    @Activate
    public S3Transport(S3Settings settings) {
        this(settings, System.getenv());
    }

    S3Transport(S3Settings settings, Map<String, String> environment) {
        accesses = new Accesses(settings, environment);
        String authorities = settings.ca_file();
        clients =
                new Clients(
                        settings,
                        authorities.isBlank()
                                ? environment.getOrDefault("AWS_CA_BUNDLE", "")
                                : authorities);
        publishingTimeout = Duration.ofMillis(settings.publishing_timeout_ms());
    }

    @Deactivate
    void stop() {
        clients.close();
    }

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        Location location = Location.of(request.uri());
        if (location.isDirectory()) {
            throw new Missing(location + " names no object, but a place of several");
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("fetching " + location + " was interrupted");
        }
        Access access = accesses.of(location.bucket());
        Sink sink = new Sink(into);
        Errand<Fetched> errand = Errand.start(() -> get(location, access, request, sink));
        try {
            return errand.await(request.timeout());
        } catch (TimeoutException e) {
            throw new Unavailable(
                    location
                            + " at "
                            + access.where()
                            + ": "
                            + sink.received()
                            + " bytes came within "
                            + request.timeout().toMillis()
                            + " ms, then the time was up",
                    e);
        } catch (ExecutionException e) {
            throw Failures.of(location, access, e);
        } catch (CancellationException e) {
            throw new Unavailable(location + ": the transport was stopped meanwhile", e);
        } finally {
            sink.release();
        }
    }

    /**
     * A kept connection that the server closed just now is no fault: another is asked, as after a
     * restart of the server all that are kept are closed. Nor is the first refusal for the clock:
     * by it, the SDK has learned the server's.
     */
    private Fetched get(Location location, Access access, FetchRequest request, Sink sink)
            throws IOException {
        for (int left = STALE_CONNECTIONS; ; left--) {
            Body body = new Body(location, request.offset(), request.length(), sink);
            try {
                return get(location, access, request, body);
            } catch (RuntimeException e) {
                String known = tag(request);
                if (known != null && Failures.isOfUnchanged(e)) {
                    return Fetched.unchanged(known);
                }
                boolean stale = !body.hasBegun() && Failures.isOfStaleConnection(e);
                boolean clock = left == STALE_CONNECTIONS && Failures.isOfClock(e);
                if (left == 0 || (!stale && !clock) || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private Fetched get(Location location, Access access, FetchRequest request, Body body)
            throws IOException {
        GetObjectRequest asked =
                GetObjectRequest.builder()
                        .bucket(location.bucket())
                        .key(location.key())
                        .range(body.range())
                        .ifNoneMatch(tag(request))
                        .build();
        return clients.reading(access).getObject(asked, body);
    }

    /** Returns the known tag; null if none is known, or one of another transport's making. */
    private static @Nullable String tag(FetchRequest request) {
        String known = request.known();
        return known != null && TAG.matcher(known).matches() ? known : null;
    }

    @Override
    public Repository open(URI base) throws FetchException {
        Location location = Location.of(base).asDirectory();
        return new BucketRepository(
                location, accesses.of(location.bucket()), clients, publishingTimeout);
    }
}
