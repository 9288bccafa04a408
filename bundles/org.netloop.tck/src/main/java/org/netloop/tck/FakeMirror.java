package org.netloop.tck;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import java.util.Arrays;
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
     * @param path what was asked for
     * @param headers by name in lower case
     */
    public record Request(String path, Map<String, String> headers) {}

    private final ServerSocket server;
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    /** Starts on a free port. */
    public FakeMirror() throws IOException {
        server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Its base URI. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
    }

    /** Offers an object; the path has no slash at its start. */
    public void put(String path, byte[] bytes) {
        objects.put("/" + path, bytes.clone());
    }

    /** From now on, whatever is asked for goes wrong like this. */
    public void fault(Fault fault) {
        faults.put(EVERYTHING, fault);
    }

    /** From now on, an object goes wrong like this. */
    public void fault(String path, Fault fault) {
        faults.put("/" + path, fault);
    }

    /** It is well again. */
    public void clearFaults() {
        faults.clear();
    }

    /** What was asked for, in order. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many connections were made. */
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
                answer(request, out);
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
        return new Request(first.split(" ")[1], headers);
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

    private void answer(Request request, OutputStream out)
            throws IOException, InterruptedException {
        Fault fault = faults.getOrDefault(request.path(), faults.get(EVERYTHING));
        if (fault == null) {
            good(request, out);
            return;
        }
        byte[] object = objects.getOrDefault(request.path(), new byte[1000]);
        switch (fault) {
            case NOT_FOUND -> head(out, "404 Not Found", 0);
            case FORBIDDEN -> head(out, "403 Forbidden", 0);
            case SERVER_ERROR -> head(out, "500 Oops", 0);
            case BUSY -> head(out, "503 Busy", 0, "Retry-After: 7");
            case WRONG_BYTES -> wrongBytes(object, out);
            case TRUNCATED -> truncated(object, out);
            case ENDLESS -> endless(out);
            case REDIRECT_LOOP -> head(out, "302 Found", 0, "Location: " + request.path());
            case SILENT -> Thread.sleep(Long.MAX_VALUE);
            case TRICKLE -> trickle(object, out);
            case CLOSED -> throw new IOException("closed on request");
            case CODED -> {
                head(out, "200 OK", object.length, "Content-Encoding: gzip");
                out.write(object);
            }
            case WRONG_RANGE -> {
                head(out, "206 Partial", 10, "Content-Range: bytes 0-9/" + object.length);
                out.write(object, 0, 10);
            }
        }
    }

    private void good(Request request, OutputStream out) throws IOException {
        byte[] object = objects.get(request.path());
        Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
        if (object == null) {
            head(out, "404 Not Found", 0);
        } else if (!range.matches()) {
            head(out, "200 OK", object.length, "ETag: \"" + Arrays.hashCode(object) + "\"");
            out.write(object);
        } else {
            part(object, range, out);
        }
    }

    private static void part(byte[] object, Matcher range, OutputStream out) throws IOException {
        long from = Long.parseLong(range.group(1));
        if (from >= object.length) {
            head(out, "416 Range Not Satisfiable", 0, "Content-Range: bytes */" + object.length);
            return;
        }
        long last = range.group(2).isEmpty() ? object.length - 1 : Long.parseLong(range.group(2));
        int end = (int) Math.min(last, object.length - 1);
        int length = end - (int) from + 1;
        head(
                out,
                "206 Partial",
                length,
                "Content-Range: bytes " + from + "-" + end + "/" + object.length);
        out.write(object, (int) from, length);
    }

    private static void wrongBytes(byte[] object, OutputStream out) throws IOException {
        byte[] wrong = object.clone();
        wrong[wrong.length / 2] ^= 1;
        head(out, "200 OK", wrong.length);
        out.write(wrong);
    }

    private static void truncated(byte[] object, OutputStream out) throws IOException {
        head(out, "200 OK", object.length);
        out.write(object, 0, object.length / 2);
        out.flush();
        throw new IOException("closed on request");
    }

    private static void endless(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
        byte[] junk = new byte[8192];
        while (true) {
            out.write(junk);
        }
    }

    private static void trickle(byte[] object, OutputStream out)
            throws IOException, InterruptedException {
        head(out, "200 OK", object.length);
        for (byte one : object) {
            out.write(one);
            out.flush();
            Thread.sleep(100);
        }
    }

    private static void head(OutputStream out, String status, long length, String... headers)
            throws IOException {
        StringBuilder text =
                new StringBuilder("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        out.write(text.append("\r\n").toString().getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        server.close();
        dropConnections();
    }
}
