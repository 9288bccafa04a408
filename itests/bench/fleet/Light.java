import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Machines that boot at once, without a volume or a cache of their own: {@code java Light.java
 * CLIENTS CONNECTIONS TRACE SITE DISTANT}. Each gets the objects of the trace (lines of {@code
 * MILLISECONDS PATH BYTES}) in their order over so many kept connections to the site's cache,
 * checks each against its name; a connection that fails twice goes to the distant mirror for good.
 * Prints how many seconds each client's boot took, which reads them with the pauses of the trace,
 * and a last line of {@code FAILED FROM-AFAR}.
 */
public final class Light {
    private static final int TIMEOUT_MS = 30_000;

    private final List<String[]> trace;
    private final int connections;
    private final URI site;
    private final URI distant;
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger afar = new AtomicInteger();

    private Light(List<String[]> trace, int connections, URI site, URI distant) {
        this.trace = trace;
        this.connections = connections;
        this.site = site;
        this.distant = distant;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String[]> trace =
                Files.readAllLines(Path.of(arguments[2])).stream()
                        .map(line -> line.split(" "))
                        .toList();
        Light light =
                new Light(
                        trace,
                        Integer.parseInt(arguments[1]),
                        URI.create(arguments[3]),
                        URI.create(arguments[4]));
        int clients = Integer.parseInt(arguments[0]);
        double[] took = new double[clients];
        CountDownLatch over = new CountDownLatch(clients);
        for (int i = 0; i < clients; i++) {
            int client = i;
            Thread.ofVirtual()
                    .start(
                            () -> {
                                took[client] = light.boot();
                                over.countDown();
                            });
        }
        over.await();
        for (double seconds : took) {
            System.out.printf("%.3f%n", seconds);
        }
        System.out.println(light.failed + " " + light.afar);
    }

    /** Returns the seconds of a boot: of its pauses, and of its waits for what was not there. */
    private double boot() {
        long began = System.nanoTime();
        double[] arrivals = new double[trace.size()];
        AtomicInteger next = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(connections);
        for (int i = 0; i < connections; i++) {
            Thread.ofVirtual()
                    .start(
                            () -> {
                                fetchAll(next, arrivals, began);
                                over.countDown();
                            });
        }
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        double clock = 0;
        double last = 0;
        for (int i = 0; i < arrivals.length; i++) {
            double at = Double.parseDouble(trace.get(i)[0]) / 1000;
            clock = Math.max(clock + at - last, arrivals[i]);
            last = at;
        }
        return clock;
    }

    private void fetchAll(AtomicInteger next, double[] arrivals, long began) {
        Connection connection = new Connection(site);
        for (int i = next.getAndIncrement(); i < arrivals.length; i = next.getAndIncrement()) {
            String path = trace.get(i)[1];
            try {
                connection = get(connection, path);
            } catch (IOException e) {
                failed.incrementAndGet();
            }
            arrivals[i] = (System.nanoTime() - began) / 1e9;
        }
        connection.close();
    }

    /**
     * Gets an object; returns the connection that has delivered it, to the distant mirror at last.
     */
    private Connection get(Connection kept, String path) throws IOException {
        Connection connection = kept;
        try {
            connection.get(path);
        } catch (IOException e) {
            // A server may close a connection that was idle just when it is used again.
            connection = new Connection(kept.base);
            try {
                connection.get(path);
            } catch (IOException again) {
                if (afar.getAndIncrement() == 0) {
                    System.err.println(kept.base + ": " + again);
                }
                connection = new Connection(distant);
                connection.get(path);
            }
        }
        return connection;
    }

    /** A connection that is kept, to one server. */
    private static final class Connection {
        private final URI base;
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();

        Connection(URI base) {
            this.base = base;
        }

        void get(String path) throws IOException {
            if (!socket.isConnected()) {
                socket = new Socket(base.getHost(), base.getPort());
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(TIMEOUT_MS);
                in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            }
            String request =
                    "GET "
                            + base.getPath()
                            + path
                            + " HTTP/1.1\r\nHost: "
                            + base.getAuthority()
                            + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status = line();
            int length = -1;
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (line.toLowerCase().startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            if (!status.contains(" 200 ") || length < 0) {
                close();
                throw new IOException(path + ": " + status);
            }
            byte[] body = in.readNBytes(length);
            if (!path.endsWith(hash(body))) {
                close();
                throw new IOException(path + ": wrong bytes");
            }
        }

        private String line() throws IOException {
            byte[] line = new byte[8192];
            int length = 0;
            for (int read = in.read(); read != '\n'; read = in.read()) {
                if (read < 0 || length == line.length) {
                    close();
                    throw new IOException("the connection has ended");
                }
                line[length++] = (byte) read;
            }
            return new String(Arrays.copyOf(line, length), StandardCharsets.ISO_8859_1).strip();
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use either way.
            }
        }
    }

    private static String hash(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
