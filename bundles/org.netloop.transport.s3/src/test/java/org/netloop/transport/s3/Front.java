package org.netloop.transport.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Stands before a server and hands on what it is asked, but for what a test makes of it. One
 * request a connection. Thread-safe.
 */
final class Front implements AutoCloseable {

    /**
     * A request as it came.
     *
     * @param method {@code GET}
     * @param path what was asked for, with its query
     * @param head its lines
     */
    record Request(String method, String path, String head) {
        /** The value of a header; empty if there is none. */
        String header(String name) {
            var line = Pattern.compile("(?im)^" + name + ":\\s*(.*?)\\s*$").matcher(head);
            return line.find() ? line.group(1) : "";
        }
    }

    /** Fate of a request. */
    sealed interface Reply {}

    /** The server answers it. */
    record HandOn() implements Reply {}

    /** Answers with the given status, body and headers. */
    record Answer(String status, String body, List<String> headers) implements Reply {}

    /** The server answers it, and after so many bytes the connection is closed. */
    record CutAnswer(int bytes) implements Reply {}

    /** Reads part of the request only, and closes the connection. */
    record CutRequest() implements Reply {}

    static final Reply HAND_ON = new HandOn();

    private final URI server;
    private final ServerSocket socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private volatile Function<Request, Reply> script = _ -> HAND_ON;

    Front(String server) throws IOException {
        this.server = URI.create(server);
        Thread.startVirtualThread(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Installs a script that decides about all later requests. */
    void script(Function<Request, Reply> next) {
        script = next;
        requests.clear();
    }

    /** Returns the requests received since the script was installed. */
    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Their methods. */
    List<String> methods() {
        return requests().stream().map(Request::method).toList();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException _) {
            // Closed: that is how it ends.
        }
    }

    private void serve(Socket connection) {
        try (connection;
                InputStream in = new BufferedInputStream(connection.getInputStream())) {
            String head = head(in);
            String[] words = head.split(" ", 3);
            Request request = new Request(words[0], words[1], head);
            requests.add(request);
            reply(script.apply(request), request, in, connection.getOutputStream());
        } catch (IOException _) {
            // The client went away.
        } finally {
            connections.remove(connection);
        }
    }

    private void reply(Reply reply, Request request, InputStream in, OutputStream out)
            throws IOException {
        switch (reply) {
            case HandOn _ -> handOn(request, body(request, in), out, Integer.MAX_VALUE);
            case CutAnswer cut -> handOn(request, body(request, in), out, cut.bytes());
            case CutRequest _ -> in.readNBytes(10);
            case Answer answer -> {
                body(request, in);
                out.write(text(answer).getBytes(ISO_8859_1));
            }
        }
    }

    private static String text(Answer answer) {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + answer.status() + "\r\n");
        for (String header : answer.headers()) {
            text.append(header).append("\r\n");
        }
        return text.append("Content-Length: " + answer.body().length())
                .append("\r\nConnection: close\r\n\r\n")
                .append(answer.body())
                .toString();
    }

    private void handOn(Request request, byte[] body, OutputStream out, int most)
            throws IOException {
        try (Socket behind = new Socket(server.getHost(), server.getPort())) {
            String head = request.head().replaceAll("(?im)^connection:.*\\r\\n", "");
            OutputStream to = behind.getOutputStream();
            to.write((head + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
            to.write(body);
            to.flush();
            if (most == Integer.MAX_VALUE) {
                behind.getInputStream().transferTo(out);
            } else {
                out.write(behind.getInputStream().readNBytes(most));
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.write(next);
        }
        String lines = head.toString(ISO_8859_1);
        return lines.substring(0, lines.length() - 2);
    }

    private static byte[] body(Request request, InputStream in) throws IOException {
        String length = request.header("Content-Length").toLowerCase(Locale.ROOT);
        return length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
