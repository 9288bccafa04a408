package org.netloop.console;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Sends answers of known length. */
final class Answer {
    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int UNSUPPORTED = 415;
    static final int TOO_MANY_REQUESTS = 429;
    static final int UNAVAILABLE = 503;
    static final String PLAIN = "text/plain; charset=utf-8";

    private static final JSON WITH_NULLS = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private Answer() {}

    /** Sends a line of text, and ends the exchange. */
    static void text(HttpExchange exchange, int code, String text) throws IOException {
        send(exchange, code, PLAIN, text + "\n");
    }

    /** Sends members as an object of JSON, and ends the exchange. */
    static void json(HttpExchange exchange, Map<String, Object> members) throws IOException {
        send(exchange, OK, "application/json", WITH_NULLS.asString(members));
    }

    /** Sends a text, or its length alone if only the head was asked for, and ends the exchange. */
    static void send(HttpExchange exchange, int code, String type, String text) throws IOException {
        send(exchange, code, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as {@link #send} sends a text. */
    static void send(HttpExchange exchange, int code, String type, byte[] bytes)
            throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
                exchange.sendResponseHeaders(code, -1);
            } else {
                exchange.sendResponseHeaders(code, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.getResponseBody().flush();
            }
        }
    }
}
