package org.netloop.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The page, its style and its scripts: files of this bundle, read once. */
final class StaticPages {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src data:; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private StaticPages() {}

    /** Returns what answers each path. */
    static Map<String, HttpHandler> handlers() {
        Map<String, HttpHandler> handlers = new TreeMap<>();
        handlers.put("/", handler("index.html", "text/html; charset=utf-8"));
        handlers.put("/page.css", handler("page.css", "text/css; charset=utf-8"));
        for (String script : List.of("page.js", "map.js", "changes.js")) {
            handlers.put("/" + script, handler(script, "text/javascript; charset=utf-8"));
        }
        return handlers;
    }

    private static HttpHandler handler(String file, String type) {
        String text = read(file);
        return exchange -> send(exchange, type, text);
    }

    private static String read(String file) {
        try (InputStream in = StaticPages.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the bundle lacks " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Security-Policy", POLICY);
        Answer.send(exchange, Answer.OK, type, text);
    }
}
