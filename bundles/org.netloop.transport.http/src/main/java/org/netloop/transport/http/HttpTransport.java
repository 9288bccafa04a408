package org.netloop.transport.http;

import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.netloop.api.message.Secrets;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.netloop.transport.http.BodyConsumer.EnoughException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fetches over HTTP. Schemes {@code http} and {@code https}. */
@Component(
        service = Transport.class,
        configurationPid = "org.netloop.transport.http",
        property = {Transport.SCHEMES + "=http", Transport.SCHEMES + "=https"})
@Designate(ocd = HttpSettings.class)
public final class HttpTransport implements Transport {
    /** Most consecutive stale connections that are not blamed on the mirror. */
    private static final int STALE_CONNECTIONS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

    private final CloseableHttpAsyncClient client;
    private final Credentials credentials;

    /**
     * Reason why nothing can be fetched, such as configured credentials that cannot be read; else
     * empty.
     */
    private final String trouble;

    private final Proxies proxies;
    private final Names names;
    private final Places places;
    private final Shortcuts shortcuts = new Shortcuts(System::nanoTime);
    private final Set<Future<Answer>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** Created by Declarative Services. */
    @Activate
    public HttpTransport(HttpSettings settings) throws IOException {
        this(settings, InetAddress::getAllByName);
    }

    HttpTransport(HttpSettings settings, Names.Lookup lookup) throws IOException {
        Credentials known = new Credentials(List.of());
        String failure = "";
        try {
            known =
                    new Credentials(
                            Credentials.lines(List.of(settings.authorization()), System.getenv()));
        } catch (IOException | IllegalArgumentException e) {
            // Who fetches is told: a component that cannot be made says nothing to them.
            failure = org.netloop.api.message.Failures.sentence(e);
        }
        credentials = known;
        trouble = failure;
        proxies = new Proxies(settings.proxy(), settings.proxy_authorization(), System.getenv());
        names = new Names(lookup);
        places = new Places(settings.connections_per_mirror(), settings.connections());
        client = Clients.make(settings, places, proxies, names);
    }

    @Activate
    void start() {
        client.start();
    }

    @Deactivate
    void stop() {
        client.close(CloseMode.GRACEFUL);
        // A client that is closed does not end whatever it is still asked for.
        stopped = true;
        underWay.forEach(answer -> answer.cancel(true));
    }

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        if (!trouble.isEmpty()) {
            throw new FetchException.Unsupported(
                    Secrets.hide(request.uri()) + " is not asked: " + trouble);
        }
        Target target = new Target(into);
        long deadline = System.nanoTime() + request.timeout().toNanos();
        try {
            Answer answer = alongShortcut(request, target, deadline);
            if (answer == null) {
                target = target.renewed();
                answer = alongRedirects(request, target, deadline);
            }
            return answered(request, answer).after(target.latencyNanos());
        } finally {
            target.release();
        }
    }

    private static Fetched answered(FetchRequest request, Answer answer) {
        String known = request.known();
        return known != null && answer.isUnchanged()
                ? Fetched.unchanged(known)
                : new Fetched(Claims.totalLength(answer), answer.validator());
    }

    /**
     * Returns whether an answer is one to this request; a condition that was not set is not met.
     */
    private static boolean isOne(Answer answer, FetchRequest request) {
        return answer.hasObject() || answer.isUnchanged() && Condition.of(request) != null;
    }

    /**
     * Fetches along a remembered redirect; null if there is none, or if the object is not there any
     * more.
     */
    private @Nullable Answer alongShortcut(FetchRequest request, Target target, long deadline)
            throws InterruptedException {
        URI object = Credentials.bare(request.uri());
        String authorization = credentials.header(request.uri());
        URI to = shortcuts.find(authorization, object, request.offset());
        if (to == null) {
            return null;
        }
        // Half of the time is left for the server itself.
        long now = System.nanoTime();
        try {
            URI there = Credentials.carried(request.uri(), to);
            Answer answer = ask(there, request, target, now + (deadline - now) / 2);
            if (isOne(answer, request)) {
                return answer;
            }
        } catch (FetchException e) {
            LOG.debug("{}: asking where it says now: {}", Secrets.hide(object), e.getMessage());
        }
        shortcuts.forget(authorization, object);
        return null;
    }

    private Answer alongRedirects(FetchRequest request, Target target, long deadline)
            throws FetchException, InterruptedException {
        Redirects redirects = new Redirects();
        URI uri = request.uri();
        Answer answer = ask(uri, request, target, deadline);
        while (Redirects.isRedirect(answer)) {
            uri = redirects.next(uri, answer);
            answer = ask(uri, request, target, deadline);
        }
        if (!isOne(answer, request)) {
            throw Failures.ofStatus(
                    Secrets.hide(uri), proxies.nameFor(uri), answer, Part.of(request));
        }
        if (redirects.happened()) {
            shortcuts.learn(
                    credentials.header(request.uri()),
                    Credentials.bare(request.uri()),
                    Credentials.bare(uri),
                    redirects.lifetime());
        }
        return answer;
    }

    /**
     * A kept connection that the server closed just now is no fault: another is asked. After a
     * server was restarted all those that are kept are closed.
     */
    private Answer ask(URI uri, FetchRequest request, Target target, long deadline)
            throws FetchException, InterruptedException {
        for (int left = STALE_CONNECTIONS; ; left--) {
            try {
                return askOnce(uri, request, target, deadline);
            } catch (StaleException e) {
                if (left == 0) {
                    throw Failures.ofIo(Secrets.hide(uri), proxies.nameFor(uri), e.getCause());
                }
            }
        }
    }

    private static final class StaleException extends Exception {
        private static final long serialVersionUID = 1L;

        StaleException(Throwable cause) {
            super(cause);
        }

        @Override
        public synchronized Throwable getCause() {
            Throwable cause = super.getCause();
            return cause == null ? this : cause;
        }
    }

    private Answer askOnce(URI uri, FetchRequest request, Target target, long deadline)
            throws FetchException, InterruptedException, StaleException {
        if (Thread.interrupted()) {
            throw new InterruptedException("fetching " + Secrets.hide(uri) + " was interrupted");
        }
        String proxy = proxies.nameFor(uri);
        awaitAddress(uri, proxy, request, deadline);
        try (Places.Place _ = place(uri, deadline)) {
            return exchange(uri, request, target, deadline);
        }
    }

    private Places.Place place(URI uri, long deadline) throws Unavailable, InterruptedException {
        try {
            return places.take(Origin.of(uri), deadline);
        } catch (TimeoutException e) {
            throw new Unavailable(
                    Secrets.hide(uri)
                            + " was not asked: other fetches from there had all connections until"
                            + " the time was up",
                    e);
        }
    }

    private Future<Answer> execute(URI uri, FetchRequest request, Target target) {
        Part part = Part.of(request);
        HttpClientContext context = HttpClientContext.create();
        context.setAttribute(Target.ATTRIBUTE, target);
        return client.execute(
                new BasicRequestProducer(message(uri, request, part), null),
                new BodyConsumer(target, part),
                context,
                null);
    }

    private Answer exchange(URI uri, FetchRequest request, Target target, long deadline)
            throws FetchException, InterruptedException, StaleException {
        String proxy = proxies.nameFor(uri);
        Future<Answer> answer = execute(uri, request, target);
        underWay.add(answer);
        try {
            if (stopped) {
                answer.cancel(true);
            }
            return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Unavailable(
                    Secrets.hide(uri)
                            + (proxy == null ? ": " : " (through " + proxy + "): ")
                            + target.received()
                            + " bytes came within "
                            + request.timeout().toMillis()
                            + " ms, then the time was up",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof EnoughException enough) {
                return enough.answer();
            }
            if (!target.isAnswered() && Failures.isOfStaleConnection(cause)) {
                throw new StaleException(cause);
            }
            throw Failures.ofIo(Secrets.hide(uri), proxy, cause);
        } catch (CancellationException e) {
            throw new Unavailable(Secrets.hide(uri) + ": the transport was stopped meanwhile", e);
        } finally {
            underWay.remove(answer);
        }
    }

    private void awaitAddress(URI uri, @Nullable String proxy, FetchRequest request, long deadline)
            throws FetchException, InterruptedException {
        String host = proxies.hostFor(uri);
        try {
            names.await(host, deadline);
        } catch (UnknownHostException e) {
            throw Failures.ofIo(Secrets.hide(uri), proxy, e);
        } catch (TimeoutException e) {
            throw new Unavailable(
                    Secrets.hide(uri)
                            + ": the resolver did not tell the address of "
                            + host
                            + " within "
                            + request.timeout().toMillis()
                            + " ms; check /etc/resolv.conf and its servers",
                    e);
        }
    }

    private HttpRequest message(URI uri, FetchRequest request, Part part) {
        HttpRequest message = new BasicHttpRequest(Method.GET, Credentials.bare(uri));
        message.addHeader("Accept-Encoding", "identity");
        String authorization = credentials.header(uri, request.uri());
        if (authorization != null) {
            message.addHeader("Authorization", authorization);
        }
        String range = part.range();
        if (range != null) {
            message.addHeader("Range", range);
        }
        String known = Condition.of(request);
        if (known != null) {
            message.addHeader("If-None-Match", known);
        }
        return message;
    }
}
