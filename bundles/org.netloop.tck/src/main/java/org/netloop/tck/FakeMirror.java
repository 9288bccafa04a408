package org.netloop.tck;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web server that misbehaves on request, for the faults a real one cannot be brought to.
 * Thread-safe; on the loopback interface only.
 */
public final class FakeMirror implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");
    private static final String EVERYTHING = "*";

    /**
     * A request as it came.
     *
     * @param method {@code GET}
     * @param path what was asked for
     * @param headers by name in lower case
     */
    public record Request(String method, String path, Map<String, String> headers) {

        /** Returns the header {@code Range}; null if the whole was asked for. */
        public @Nullable String range() {
            return headers.get("range");
        }
    }

    private record Answer(int status, byte[] body, String... headers) {}

    private final ServerSocket server;
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, byte[]> raw = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final Thread acceptor = Thread.ofVirtual().unstarted(this::accept);
    private volatile Duration delay = Duration.ZERO;

    /** Starts on a free port. */
    public FakeMirror() throws IOException {
        server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        acceptor.start();
    }

    /** Returns the base URI. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    /** Offers an object; the path has no slash at its start. */
    public void put(String path, byte[] bytes) {
        objects.put("/" + path, bytes.clone());
    }

    /** Makes every later request fail in this way. */
    public void fault(Fault fault) {
        faults.put(EVERYTHING, fault);
    }

    /** Makes every later request for an object fail in this way. */
    public void fault(String path, Fault fault) {
        faults.put("/" + path, fault);
    }

    /** Answers every later request for an object with this status, headers and body. */
    public void answer(String path, int status, byte[] body, String... headers) {
        answers.put("/" + path, new Answer(status, body.clone(), headers.clone()));
    }

    /**
     * Answers every later request for an object with exactly these bytes, head included, and then
     * closes the connection.
     */
    public void raw(String path, byte[] bytes) {
        raw.put("/" + path, bytes.clone());
    }

    /** Delays every later answer, good or bad. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Removes all faults, scripted answers and delays. */
    public void clearFaults() {
        faults.clear();
        answers.clear();
        raw.clear();
        delay = Duration.ZERO;
    }

    /** Returns the requests received, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Returns the number of connections accepted. */
    public int connections() {
        return accepted.get();
    }

    /** Closes all connections, as a server does that restarts. */
    public void dropConnections() throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                accepted.incrementAndGet();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException _) {
            // Closed: that is how it ends.
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = new BufferedOutputStream(connection.getOutputStream())) {
            connection.setTcpNoDelay(true);
            Request request = read(in);
            while (request != null) {
                requests.add(request);
                Thread.sleep(delay);
                answer(request, in, out);
                out.flush();
                request = read(in);
            }
        } catch (IOException | InterruptedException _) {
            // The client went away, or the fault is to close.
        } finally {
            connections.remove(connection);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first == null || first.isEmpty()) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        String[] words = first.split(" ");
        return new Request(words[0], words[1], headers);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            text.append((char) c);
        }
        return text.toString().strip();
    }

    private void answer(Request request, InputStream in, OutputStream out)
            throws IOException, InterruptedException {
        byte[] bytes = raw.get(request.path());
        if (bytes != null) {
            out.write(bytes);
            out.flush();
            throw new IOException("closed on request");
        }
        Answer scripted = answers.get(request.path());
        if (scripted != null) {
            Misbehaviour.head(
                    out,
                    scripted.status() + " Scripted",
                    scripted.body().length,
                    scripted.headers());
            out.write(scripted.body());
            return;
        }
        Fault fault = faults.getOrDefault(request.path(), faults.get(EVERYTHING));
        if (fault == null) {
            good(request, out);
            return;
        }
        byte[] object = objects.getOrDefault(request.path(), new byte[1000]);
        Misbehaviour.answer(fault, request, object, in, out);
    }

    private void good(Request request, OutputStream out) throws IOException {
        byte[] object = objects.get(request.path());
        Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
        if (object == null) {
            Misbehaviour.head(out, "404 Not Found", 0);
        } else if (!range.matches()) {
            Misbehaviour.whole(object, out);
        } else {
            part(object, range, out);
        }
    }

    private static void part(byte[] object, Matcher range, OutputStream out) throws IOException {
        long from = Long.parseLong(range.group(1));
        if (from >= object.length) {
            Misbehaviour.head(
                    out, "416 Range Not Satisfiable", 0, "Content-Range: bytes */" + object.length);
            return;
        }
        long last = range.group(2).isEmpty() ? object.length - 1 : Long.parseLong(range.group(2));
        int end = (int) Math.min(last, object.length - 1);
        int length = end - (int) from + 1;
        Misbehaviour.head(
                out,
                "206 Partial",
                length,
                "Content-Range: bytes " + from + "-" + end + "/" + object.length);
        out.write(object, (int) from, length);
    }

    /** Stops the server; once this returns, no request is answered any more. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            // It may be taking one more connection at this very moment.
            acceptor.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        dropConnections();
    }
}
