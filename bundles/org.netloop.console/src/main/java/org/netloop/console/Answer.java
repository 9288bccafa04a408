package org.netloop.console;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends answers of known length. */
final class Answer {
    static final int OK = 200;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int UNAVAILABLE = 503;
    static final String PLAIN = "text/plain; charset=utf-8";

    private Answer() {}

    /** Sends a line of text, and ends the exchange. */
    static void text(HttpExchange exchange, int code, String text) throws IOException {
        send(exchange, code, PLAIN, text + "\n");
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
