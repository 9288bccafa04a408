package org.netloop.gateway.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.gateway.http.Traffic.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Answers GET and HEAD with objects, whole or by range, a bounded number at a time. */
final class ObjectHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectHandler.class);

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;

    private static final int NO_BODY = -1;

    private final Served served;
    private final Semaphore places;
    private final Duration wait;
    private final Traffic traffic;

    /**
     * @param places how many requests are answered at a time
     * @param wait longest wait for a place
     */
    ObjectHandler(Served served, Traffic traffic, int places, Duration wait) {
        this.traffic = traffic;
        this.served = served;
        this.places = new Semaphore(places, true);
        this.wait = wait;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(METHOD_NOT_ALLOWED, NO_BODY);
                traffic.answered(Outcome.INVALID);
            } else if (places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    answer(exchange);
                } finally {
                    places.release();
                }
            } else {
                traffic.answered(Outcome.REFUSED);
                unavailable(exchange);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unavailable(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Retry-After", "1");
        exchange.sendResponseHeaders(UNAVAILABLE, NO_BODY);
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getRawPath();
        try {
            Served.Found found = served.find(path);
            if (found == null) {
                traffic.answered(Outcome.MISSING);
                exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
            } else {
                send(exchange, found);
            }
        } catch (FetchException e) {
            LOG.debug("{}: {}", path, e.getMessage());
            traffic.answered(
                    e instanceof FetchException.Missing || e instanceof FetchException.Denied
                            ? Outcome.MISSING
                            : Outcome.FAILED);
            switch (e) {
                // A bucket that may not be listed denies what is not there.
                case FetchException.Missing _, FetchException.Denied _ ->
                        exchange.sendResponseHeaders(NOT_FOUND, NO_BODY);
                case FetchException.Unavailable _ -> unavailable(exchange);
                case FetchException.Corrupt _,
                        FetchException.Unsupported _,
                        FetchException.Untrusted _ ->
                        exchange.sendResponseHeaders(BAD_GATEWAY, NO_BODY);
            }
        }
    }

    private void send(HttpExchange exchange, Served.Found found) throws IOException {
        ByteBuffer bytes = found.bytes();
        int total = bytes.remaining();
        String tag = '"' + Digest.of(DigestAlgorithm.SHA256, bytes.duplicate()).hex() + '"';
        Headers answer = exchange.getResponseHeaders();
        answer.set("ETag", tag);
        answer.set("Accept-Ranges", "bytes");
        answer.set(
                "Cache-Control",
                found.isImmutable() ? "public, max-age=31536000, immutable" : "no-cache");
        Headers request = exchange.getRequestHeaders();
        if (tag.equals(request.getFirst("If-None-Match"))) {
            traffic.answered(Outcome.NOT_MODIFIED);
            exchange.sendResponseHeaders(NOT_MODIFIED, NO_BODY);
            return;
        }
        traffic.answered(Outcome.FOUND);
        answer.set("Content-Type", "application/octet-stream");
        String condition = request.getFirst("If-Range");
        boolean wantsRange = condition == null || condition.equals(tag);
        ByteRange range = wantsRange ? ByteRange.of(request.getFirst("Range"), total) : null;
        if (range == null) {
            send(exchange, OK, bytes);
            return;
        }
        answer.set("Content-Range", range.of(total));
        if (range.length() == 0) {
            exchange.sendResponseHeaders(RANGE_NOT_SATISFIABLE, NO_BODY);
        } else {
            send(exchange, PARTIAL, bytes.slice(range.from(), range.length()));
        }
    }

    private void send(HttpExchange exchange, int code, ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        if (exchange.getRequestMethod().equals("HEAD") || length == 0) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
            exchange.sendResponseHeaders(code, NO_BODY);
        } else {
            exchange.sendResponseHeaders(code, length);
            Channels.newChannel(exchange.getResponseBody()).write(bytes);
            traffic.sent(length);
        }
    }
}
