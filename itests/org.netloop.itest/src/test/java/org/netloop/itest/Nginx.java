package org.netloop.itest;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Debian's nginx over a directory, with a configuration of its own, and its log. */
final class Nginx {
    private static final Path NULL = Path.of("/dev/null");
    private static final String MARK = "/-mark-";

    /**
     * A line of its log.
     *
     * @param status what was answered
     * @param bytes how long the body was
     * @param path what was asked for
     */
    record Answer(int status, long bytes, String path) {}

    private final Path home;
    private final int port;
    private Program program;
    private int marks;

    private Nginx(Path home, int port) throws IOException {
        this.home = home;
        this.port = port;
        this.program = launch();
    }

    static Nginx start(Path home, Path root) throws IOException {
        Files.createDirectories(home);
        int port = Ports.free();
        return start(home, configuration(home, root, port), port);
    }

    /** Starts it with a configuration that may be without what makes it a process of a test. */
    static Nginx start(Path home, String configuration, int port) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("nginx.conf"), configuration);
        return new Nginx(home, port);
    }

    static String configuration(Path home, Path root, int port) {
        return """
        events { worker_connections 1024; }
        http {
            log_format counted '$status $body_bytes_sent $uri';
            access_log HOME/access.log counted;
            client_body_temp_path HOME/body;
            proxy_temp_path HOME/proxy;
            fastcgi_temp_path HOME/fastcgi;
            uwsgi_temp_path HOME/uwsgi;
            scgi_temp_path HOME/scgi;
            keepalive_requests 100000;
            sendfile on;
            server { listen 127.0.0.1:PORT reuseport; root ROOT; }
        }
        """
                .replace("HOME", home.toString())
                .replace("PORT", String.valueOf(port))
                .replace("ROOT", root.toString());
    }

    /** One process, so that a line is in the log before the next request is looked at. */
    private Program launch() throws IOException {
        Program started =
                Program.start(
                        home,
                        NULL,
                        Map.of(),
                        "nginx",
                        "-p",
                        home.toString(),
                        "-e",
                        home.resolve("error.log").toString(),
                        "-c",
                        home.resolve("nginx.conf").toString(),
                        "-g",
                        "daemon off; master_process off; user root; pid " + home + "/pid;");
        Await.until("nginx listens", Duration.ofSeconds(120), () -> listens(started));
        return started;
    }

    private boolean listens(Program started) throws IOException {
        if (!started.isAlive()) {
            throw new AssertionError("nginx does not start: " + started.err());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Returns the base URI. */
    String uri() {
        return "http://127.0.0.1:" + port + "/";
    }

    int port() {
        return port;
    }

    void kill() {
        program.kill();
    }

    void restart() throws IOException {
        kill();
        program = launch();
    }

    /** Returns all requests so far; a request of its own makes nginx flush the log. */
    synchronized List<Answer> answers() throws IOException {
        String mark = MARK + ++marks;
        HttpURLConnection asked =
                (HttpURLConnection) URI.create(uri()).resolve(mark).toURL().openConnection();
        asked.getResponseCode();
        asked.disconnect();
        Await.until("the log has " + mark, Duration.ofSeconds(120), () -> log().contains(mark));
        return read();
    }

    /** Returns the approximate number of requests so far. */
    int roughCount() throws IOException {
        return read().size();
    }

    private List<Answer> read() throws IOException {
        return log().lines()
                .map(line -> line.split(" "))
                .filter(parts -> parts.length == 3 && !parts[2].startsWith(MARK))
                .map(
                        parts ->
                                new Answer(
                                        Integer.parseInt(parts[0]),
                                        Long.parseLong(parts[1]),
                                        parts[2]))
                .toList();
    }

    private String log() throws IOException {
        return Files.readString(home.resolve("access.log"));
    }
}
