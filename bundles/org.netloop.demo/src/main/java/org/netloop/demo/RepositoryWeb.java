package org.netloop.demo;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.SimpleFileServer;

import org.netloop.api.http.ListenAddress;
import org.netloop.api.http.WebServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** A small web server over a repository directory: the JDK's own. Not for production. */
final class RepositoryWeb implements AutoCloseable {
    static {
        // Objects may be large, and clients slow: only a request has to come in time.
        System.setProperty("sun.net.httpserver.maxReqTime", "30");
        System.setProperty("sun.net.httpserver.maxRspTime", "-1");
    }

    private final WebServer server;
    private final LongAdder requests = new LongAdder();

    RepositoryWeb(Path repository, InetSocketAddress address) throws IOException {
        Path root = repository.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new IOException(root + " is not a directory");
        }
        server =
                new WebServer(
                        address,
                        0,
                        SimpleFileServer.createFileHandler(root),
                        List.of(
                                Filter.beforeHandler("count", _ -> requests.increment()),
                                new ObjectsOnly(root)));
        server.start();
    }

    /** Returns the base URI. */
    URI uri() {
        InetSocketAddress bound = server.address();
        InetSocketAddress reached =
                bound.getAddress().isAnyLocalAddress()
                        ? new InetSocketAddress("127.0.0.1", bound.getPort())
                        : bound;
        return URI.create("http://" + ListenAddress.text(reached) + "/");
    }

    /** Returns the number of requests so far. */
    long requests() {
        return requests.sum();
    }

    @Override
    public void close() {
        server.close();
    }
}
