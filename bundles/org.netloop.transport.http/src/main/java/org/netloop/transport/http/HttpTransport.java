package org.netloop.transport.http;

import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.api.transport.Transport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches over HTTP. Schemes {@code http} and {@code https}. */
@Component(
        service = Transport.class,
        configurationPid = "org.netloop.transport.http",
        property = {Transport.SCHEMES + "=http", Transport.SCHEMES + "=https"})
@Designate(ocd = HttpSettings.class)
public final class HttpTransport implements Transport {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

    private final CloseableHttpAsyncClient client;
    private final Credentials credentials;

    /** By Declarative Services. */
    @Activate
    public HttpTransport(HttpSettings settings) throws IOException {
        credentials = new Credentials(List.of(settings.authorization()));
        client = Clients.make(settings);
    }

    @Activate
    void start() {
        client.start();
    }

    @Deactivate
    void stop() {
        client.close(CloseMode.GRACEFUL);
    }

    @Override
    public Fetched fetch(FetchRequest request, ByteBuffer into)
            throws FetchException, InterruptedException {
        Target target = new Target(into);
        long deadline = System.nanoTime() + request.timeout().toNanos();
        try {
            URI uri = request.uri();
            for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
                long asked = System.nanoTime();
                Answer answer = ask(uri, request, target, deadline);
                if (!REDIRECTS.contains(answer.status())) {
                    return fetched(uri, request, answer, target, asked);
                }
                uri = redirected(uri, answer);
            }
            throw new Unavailable(
                    Credentials.shown(request.uri())
                            + " redirects more than "
                            + MOST_REDIRECTS
                            + " times",
                    null);
        } finally {
            target.release();
        }
    }

    private static URI redirected(URI from, Answer answer) throws FetchException {
        String shown = Credentials.shown(from);
        if (answer.location() == null) {
            throw new Unavailable(shown + " redirects to nowhere", null);
        }
        try {
            URI to = Credentials.bare(from).resolve(answer.location());
            boolean downgrade = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            if (to.getHost() == null
                    || downgrade
                    || !Set.of("http", "https").contains(to.getScheme())) {
                throw new Unavailable(
                        shown
                                + " redirects to "
                                + Credentials.shown(to)
                                + ", which is not followed",
                        null);
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new Unavailable(shown + " redirects to something that is no URI", e);
        }
    }

    /**
     * A kept connection that the server closed just now is no fault: it is tried once more on
     * another.
     */
    private Answer ask(URI uri, FetchRequest request, Target target, long deadline)
            throws FetchException, InterruptedException {
        try {
            return askOnce(uri, request, target, deadline);
        } catch (StaleException _) {
            target.rewind();
        }
        try {
            return askOnce(uri, request, target, deadline);
        } catch (StaleException e) {
            throw Failures.ofIo(Credentials.shown(uri), e.getCause());
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
            throw new InterruptedException(
                    "fetching " + Credentials.shown(uri) + " was interrupted");
        }
        Future<Answer> answer =
                client.execute(
                        SimpleRequestProducer.create(message(uri, request)),
                        new BodyConsumer(target, request.offset(), request.length()),
                        null);
        try {
            return answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new Unavailable(
                    Credentials.shown(uri)
                            + ": "
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
            if (target.received() == 0
                    && (cause instanceof ConnectionClosedException
                            || cause instanceof RequestNotExecutedException)) {
                throw new StaleException(cause);
            }
            throw Failures.ofIo(Credentials.shown(uri), cause);
        }
    }

    private SimpleHttpRequest message(URI uri, FetchRequest request) {
        SimpleRequestBuilder builder =
                SimpleRequestBuilder.get(Credentials.bare(uri))
                        .addHeader("Accept-Encoding", "identity");
        String authorization = credentials.header(uri);
        if (authorization != null) {
            builder.addHeader("Authorization", authorization);
        }
        if (!request.isWhole()) {
            String end =
                    request.length() < 0
                            ? ""
                            : String.valueOf(request.offset() + request.length() - 1);
            builder.addHeader("Range", "bytes=" + request.offset() + "-" + end);
        }
        return builder.build();
    }

    private static Fetched fetched(
            URI uri, FetchRequest request, Answer answer, Target target, long asked)
            throws FetchException {
        String shown = Credentials.shown(uri);
        if (!answer.hasObject()) {
            throw Failures.ofStatus(shown, answer);
        }
        String encoding = answer.contentEncoding();
        if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
            throw new Corrupt(
                    shown + " comes coded as " + encoding + " although it was asked for as it is");
        }
        if (answer.status() == Answer.OK
                && request.length() < 0
                && request.offset() == 0
                && answer.contentLength() >= 0
                && answer.contentLength() != target.received()) {
            throw new Corrupt(
                    shown
                            + " announced "
                            + answer.contentLength()
                            + " bytes and sent "
                            + target.received());
        }
        long latency =
                target.firstByteNanos() < 0 ? Fetched.UNKNOWN : target.firstByteNanos() - asked;
        return new Fetched(total(shown, request, answer, target), answer.validator(), latency);
    }

    private static long total(String shown, FetchRequest request, Answer answer, Target target)
            throws Corrupt {
        if (answer.status() == Answer.OK) {
            return answer.contentLength() < 0 ? Fetched.UNKNOWN : answer.contentLength();
        }
        Matcher range =
                CONTENT_RANGE.matcher(answer.contentRange() == null ? "" : answer.contentRange());
        if (!range.matches()
                || Long.parseLong(range.group(1)) != request.offset()
                || Long.parseLong(range.group(2)) != request.offset() + target.received() - 1) {
            throw new Corrupt(
                    shown
                            + " sent "
                            + target.received()
                            + " bytes as range '"
                            + answer.contentRange()
                            + "' where "
                            + request.offset()
                            + " and on was asked for");
        }
        @Nullable String total = range.group(3);
        return total == null || total.equals("*") ? Fetched.UNKNOWN : Long.parseLong(total);
    }
}
