package com.example.onweb;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.netloop.api.frontend.Attachment;
import org.netloop.api.frontend.AttachmentSpec;
import org.netloop.api.frontend.Frontend;
import org.netloop.api.volume.Volume;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A volume as one object of a web server on the loopback interface, with ranges. Its place is a
 * port, which several volumes may share. A read that fails costs its reader an error, and nothing
 * more.
 */
@Component(service = Frontend.class)
public final class OnwebFrontend implements Frontend {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");
    private static final int AT_ONCE = 256 << 10;

    private final List<Attachment> attachments = new CopyOnWriteArrayList<>();

    /** Servers by port; each has at least one volume. Guarded by the monitor. */
    private final Map<Integer, HttpServer> servers = new HashMap<>();

    /** Created by Declarative Services and {@link java.util.ServiceLoader}. */
    public OnwebFrontend() {}

    @Override
    public String id() {
        return "onweb";
    }

    @Override
    public synchronized Attachment attach(Volume volume, AttachmentSpec spec) throws IOException {
        int port = port(spec.only(Set.of()).place());
        String address = "http://127.0.0.1:" + port + "/" + volume.name();
        if (attachments.stream().anyMatch(each -> each.address().equals(address))) {
            throw new IOException(address + " is a volume already");
        }
        HttpServer server = servers.get(port);
        if (server == null) {
            server = start(port);
            servers.put(port, server);
        }
        String path = "/" + volume.name();
        server.createContext(path, exchange -> answer(volume, path, exchange));
        Web web = new Web(volume.name(), address, port, new CompletableFuture<>());
        attachments.add(web);
        return web;
    }

    private static int port(String place) throws IOException {
        try {
            return Integer.parseInt(place);
        } catch (NumberFormatException e) {
            throw new IOException("'" + place + "' is not a port", e);
        }
    }

    private static HttpServer start(int port) throws IOException {
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    @Override
    public List<Attachment> attachments() {
        return List.copyOf(attachments);
    }

    @Deactivate
    void stop() throws IOException {
        for (Attachment attachment : attachments) {
            attachment.close();
        }
    }

    private synchronized void detach(Web web) {
        if (attachments.remove(web)) {
            HttpServer server = servers.get(web.port());
            server.removeContext("/" + web.volume());
            if (attachments.stream()
                    .noneMatch(each -> each instanceof Web w && w.port() == web.port())) {
                servers.remove(web.port());
                server.stop(0);
            }
            web.end().complete(null);
        }
    }

    private static void answer(Volume volume, String path, HttpExchange exchange)
            throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            Matcher range =
                    RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            boolean whole = !range.matches();
            long from = whole ? 0 : Long.parseLong(range.group(1));
            long to = whole ? volume.size() - 1 : Long.parseLong(range.group(2));
            if (from > to || to >= volume.size()) {
                exchange.sendResponseHeaders(416, -1);
                return;
            }
            exchange.sendResponseHeaders(whole ? 200 : 206, to - from + 1);
            copy(volume, from, to + 1, exchange.getResponseBody());
        }
    }

    private static void copy(Volume volume, long from, long to, OutputStream out)
            throws IOException {
        try {
            for (long at = from; at < to; ) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(AT_ONCE, to - at));
                volume.read(at, bytes);
                out.write(bytes.array());
                at += bytes.capacity();
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while volume " + volume.name() + " was read", e);
        }
    }

    private final class Web implements Attachment {
        private final String volume;
        private final String address;
        private final int port;
        private final CompletableFuture<Void> end;

        Web(String volume, String address, int port, CompletableFuture<Void> end) {
            this.volume = volume;
            this.address = address;
            this.port = port;
            this.end = end;
        }

        int port() {
            return port;
        }

        CompletableFuture<Void> end() {
            return end;
        }

        @Override
        public String volume() {
            return volume;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public CompletionStage<Void> detached() {
            return end;
        }

        @Override
        public void close() {
            detach(this);
        }
    }
}
