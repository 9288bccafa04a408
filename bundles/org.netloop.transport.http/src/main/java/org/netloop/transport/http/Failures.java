package org.netloop.transport.http;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Denied;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Maps a status or an I/O failure to the fetcher's failure: the one table of this transport. */
final class Failures {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private Failures() {}

    /**
     * @param uri as it may be shown
     * @param proxy what leads to it, as messages call it; null if nothing does
     */
    static FetchException ofStatus(String uri, @Nullable String proxy, Answer answer, Part part) {
        String message = uri + through(proxy) + " answers " + answer.status();
        return switch (answer.status()) {
            case 401 -> new Denied(message + ": it wants a user and a password, or other ones");
            case 407 -> new Denied(message + ": the proxy wants a user and a password");
            case 403, 451 -> new Denied(message);
            case 404, 410 -> new Missing(message);
            case Answer.RANGE_REFUSED ->
                    new Corrupt(message + ": " + Claims.refusedRange(answer, part));
            case 408, 425, 429 -> new Unavailable(message, null, retryAfter(answer));
            default ->
                    answer.status() >= 500
                            ? new Unavailable(message, null, retryAfter(answer))
                            : answer.status() < 300
                                    ? new Corrupt(message + ", which is not the object")
                                    : new Missing(message);
        };
    }

    private static String through(@Nullable String proxy) {
        return proxy == null ? "" : " (through " + proxy + ")";
    }

    /** Seconds, or a date (RFC 9110, 10.2.3); null if neither was said. */
    private static @Nullable Duration retryAfter(Answer answer) {
        String said = answer.header("retry-after");
        if (said == null) {
            return null;
        }
        try {
            Duration pause =
                    said.strip().matches("[0-9]{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(said.strip()))
                            : Duration.between(
                                    Instant.now(),
                                    ZonedDateTime.parse(
                                                    said.strip(),
                                                    DateTimeFormatter.RFC_1123_DATE_TIME)
                                            .toInstant());
            return pause.isNegative()
                    ? Duration.ZERO
                    : pause.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : pause;
        } catch (DateTimeException _) {
            return null;
        }
    }

    /**
     * Returns whether a reused connection fails like this when the server closed it before the
     * request arrived.
     */
    static boolean isOfStaleConnection(Throwable failure) {
        return failure instanceof ConnectionClosedException
                || failure instanceof ClosedChannelException
                || failure instanceof SocketException
                        && !(failure instanceof ConnectException)
                        && !(failure instanceof NoRouteToHostException)
                || failure instanceof H2StreamResetException refused
                        && refused.getCode() == H2Error.REFUSED_STREAM.getCode();
    }

    /**
     * @param uri as it may be shown
     * @param proxy what leads to it, as messages call it; null if nothing does
     */
    static FetchException ofIo(String uri, @Nullable String proxy, Throwable failure) {
        String where = uri + through(proxy);
        return switch (failure) {
            case Claims.MismatchException e -> new Corrupt(where + ": " + e.getMessage(), e);
            // Not of the mirror: it is asked again, as after any other time without a network.
            case Claims.PageException e -> new Unavailable(where + ": " + e.getMessage(), e);
            case MessageConstraintException e ->
                    new Corrupt(where + ": the answer's head is too long: " + e.getMessage(), e);
            case ConnectionClosedException e ->
                    new Unavailable(
                            where + ": the connection was closed in the middle of the answer", e);
            case UnknownHostException e when proxy != null ->
                    new Unavailable(uri + ": " + proxy + " is not known to the resolver", e);
            case ConnectTimeoutException e ->
                    new Unavailable(
                            uri + ": " + them(proxy) + " does not take connections in time", e);
            case ConnectException e ->
                    new Unavailable(uri + ": " + them(proxy) + " refuses connections", e);
            case SocketTimeoutException e -> new Unavailable(where + ": no answer in time", e);
            case ProtocolException e ->
                    new Unavailable(where + ": what it answers is not HTTP: " + e.getMessage(), e);
            default ->
                    new Unavailable(
                            where + ": " + org.netloop.api.message.Failures.sentence(failure),
                            failure);
        };
    }

    private static String them(@Nullable String proxy) {
        return proxy == null ? "the host" : proxy;
    }
}
