package org.netloop.demo;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Lets through what asks for a regular file of a repository. All else is not found: directories,
 * hidden files, whatever a symbolic link leads to, and what no read would return from, as a FIFO.
 */
final class ObjectsOnly extends Filter {
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;

    private final Path root;

    /**
     * @param root the repository's directory, without links in its path
     */
    ObjectsOnly(Path root) {
        this.root = root;
    }

    @Override
    public String description() {
        return "regular files only";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer(exchange, NOT_ALLOWED, "this repository can only be read\n");
        } else if (isObject(exchange.getRequestURI().getPath())) {
            chain.doFilter(exchange);
        } else {
            answer(exchange, NOT_FOUND, "there is no such object\n");
        }
    }

    /**
     * Returns whether a path names an existing file.
     *
     * @param path decoded, as a request has it; null if the request's target has none
     */
    boolean isObject(@Nullable String path) {
        if (path == null || !path.startsWith("/")) {
            return false;
        }
        Path file = root;
        for (String name : path.substring(1).split("/", -1)) {
            if (name.isEmpty() || name.startsWith(".") || !isName(name)) {
                return false;
            }
            file = file.resolve(name);
            if (Files.isSymbolicLink(file)) {
                return false;
            }
        }
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isName(String name) {
        try {
            return Path.of(name).getNameCount() == 1;
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }
}
