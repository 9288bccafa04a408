package org.netloop.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A forward proxy that asks for a password: one request a connection, or a tunnel. */
final class ForwardProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final String authorization;

    /** The first lines of the requests that were let through. */
    final List<String> passed = new CopyOnWriteArrayList<>();

    ForwardProxy(String authorization) throws IOException {
        this.authorization = authorization;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed: that is how it ends.
        }
    }

    private void serve(Socket client) {
        try (client) {
            InputStream in = client.getInputStream();
            String head = head(in);
            while (!head.contains("Proxy-Authorization: " + authorization)) {
                if (head.isEmpty()) {
                    return;
                }
                answer(
                        client,
                        "407 Who",
                        "Proxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n");
                head = head(in);
            }
            passed.add(head.lines().findFirst().orElse(""));
            forward(client, head);
        } catch (IOException _) {
            // One side went away.
        }
    }

    private static void forward(Socket client, String head) throws IOException {
        String[] words = head.split(" ", 3);
        boolean tunnel = words[0].equals("CONNECT");
        URI to = URI.create(tunnel ? "https://" + words[1] : words[1]);
        try (Socket server = new Socket(to.getHost(), to.getPort())) {
            if (tunnel) {
                answer(client, "200 Connected", "");
            } else {
                String request = words[0] + " " + to.getRawPath() + " HTTP/1.0\r\nHost: x\r\n\r\n";
                server.getOutputStream().write(request.getBytes(ISO_8859_1));
            }
            Thread.ofVirtual().start(() -> pump(client, server));
            pump(server, client);
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException _) {
            // One side went away.
        }
    }

    private static void answer(Socket client, String status, String headers) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(("HTTP/1.1 " + status + "\r\n" + headers + "\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            head.write(c);
        }
        return head.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
