package org.netloop.transport.http;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.jspecify.annotations.Nullable;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Denied;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;

import java.io.IOException;
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

import javax.net.ssl.SSLException;

/** What a status or an I/O failure means to the fetcher: the one table of this transport. */
final class Failures {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private Failures() {}

    static FetchException ofStatus(String uri, Answer answer) {
        String message = uri + " answers " + answer.status();
        return switch (answer.status()) {
            case 401, 403, 407, 451 -> new Denied(message);
            case 404, 410 -> new Missing(message);
            case 416 -> new Corrupt(message + ": it is shorter than the index says");
            case 408, 425, 429 -> new Unavailable(message, null, retryAfter(answer));
            default ->
                    answer.status() >= 500
                            ? new Unavailable(message, null, retryAfter(answer))
                            : new Missing(message);
        };
    }

    /** Seconds, or a date (RFC 9110, 10.2.3); null if neither was said. */
    private static @Nullable Duration retryAfter(Answer answer) {
        String said = answer.retryAfter();
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
     * Whether a kept connection breaks like this when the server closed it before the request came.
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

    static FetchException ofIo(String uri, Throwable failure) {
        return switch (failure) {
            case Part.MismatchException e -> new Corrupt(uri + ": " + e.getMessage(), e);
            case ConnectionClosedException e ->
                    new Unavailable(
                            uri + ": the connection was closed in the middle of the answer", e);
            case UnknownHostException e ->
                    new Unavailable(uri + ": there is no host of that name", e);
            case ConnectException e -> new Unavailable(uri + ": the connection is refused", e);
            case SocketTimeoutException e -> new Unavailable(uri + ": no answer in time", e);
            case SSLException e -> new Unavailable(uri + ": TLS failed: " + e.getMessage(), e);
            case IOException e -> new Unavailable(uri + ": " + e, e);
            default -> new Unavailable(uri + ": " + failure, failure);
        };
    }
}
