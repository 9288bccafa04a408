package org.netloop.demo;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/** A small web server over a repository directory: the JDK's own. Not for production. */
final class RepositoryWeb implements AutoCloseable {
    /** Time in seconds within which a client has to send its request, and to take its answer. */
    private static final int PATIENCE_SECONDS = 30;

    private static final int CONNECTIONS = 4096;

    static {
        // Clients that go quiet give their places back; there is no setting but these.
        System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(PATIENCE_SECONDS));
        System.setProperty("jdk.httpserver.maxConnections", String.valueOf(CONNECTIONS));
        // Without it every second answer on a kept connection waits for a delayed acknowledgement.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final LongAdder requests = new LongAdder();

    RepositoryWeb(Path repository, InetSocketAddress address) throws IOException {
        Path root = repository.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " is not a directory");
        }
        server = HttpServer.create(address, 0);
        server.createContext("/", SimpleFileServer.createFileHandler(root))
                .getFilters()
                .addAll(
                        List.of(
                                Filter.beforeHandler("count", _ -> requests.increment()),
                                new ObjectsOnly(root)));
        server.setExecutor(workers);
        server.start();
    }

    /** Returns the base URI. */
    URI uri() {
        InetSocketAddress bound = server.getAddress();
        String host = bound.getAddress().isAnyLocalAddress() ? "127.0.0.1" : bound.getHostString();
        return URI.create(
                "http://"
                        + (host.contains(":") ? "[" + host + "]" : host)
                        + ":"
                        + bound.getPort()
                        + "/");
    }

    /** Returns the number of requests so far. */
    long requests() {
        return requests.sum();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.close();
    }
}
