package org.netloop.api.http;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The JDK's web server with {@link ServerLimits}, one handler, and a virtual thread for each
 * request. Thread-safe.
 */
public final class WebServer implements AutoCloseable {
    static {
        ServerLimits.set();
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Binds the address; nothing is answered before {@link #start}.
     *
     * @param backlog connections that wait to be accepted; 0 for the system's default
     * @param handler answers all requests; called by many threads at once
     * @param filters what a request goes through before, in this order
     * @throws IOException if it cannot listen there; the message says where
     */
    public WebServer(
            InetSocketAddress address, int backlog, HttpHandler handler, List<Filter> filters)
            throws IOException {
        try {
            server = HttpServer.create(address, backlog);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        server.createContext("/", handler).getFilters().addAll(filters);
        server.setExecutor(workers);
    }

    /** Begins to answer; called once. */
    public void start() {
        server.start();
    }

    /** Returns the address that it is bound to. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Listens no more; what is being answered is cut off. */
    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
