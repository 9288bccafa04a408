import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A relay that makes loopback a distant link: {@code java Delay.java PORT MILLISECONDS MEGABITS}
 * prints the port it listens on. Each byte arrives half a round trip after it was sent, in both
 * directions; all connections share the rate (0: no limit), as on one cable; and a connection costs
 * a round trip before its first byte, as a handshake does. A line on standard input is another rate
 * from then on.
 *
 * <p>A fourth argument names a file: when it is told to end it writes there what arrived from the
 * server, a line for each tenth of a second in which something did: {@code MILLISECONDS,BYTES},
 * since the epoch.
 */
public final class Delay {
    private static final int PIECE = 64 << 10;

    /** Most pieces that may be in flight on a connection: far more than any link here holds. */
    private static final int MOST = 4096;

    private static final long BUCKET_MS = 100;

    private final int server;
    private final long oneWay;
    private final Cable up;
    private final Cable down;

    /** Bytes received from the server, by tenths of a second since the epoch. */
    private final NavigableMap<Long, LongAdder> arrived = new ConcurrentSkipListMap<>();

    private record Piece(long arrives, byte[] bytes) {}

    /** Lets bytes pass one after the other. */
    private static final class Cable {
        private double nanosPerByte;
        private double free;

        Cable(double megabits) {
            carry(megabits);
        }

        synchronized void carry(double megabits) {
            nanosPerByte = megabits == 0 ? 0 : 8_000 / megabits;
        }

        synchronized long passed(long now, int bytes) {
            free = Math.max(free, now) + bytes * nanosPerByte;
            return (long) free;
        }
    }

    private Delay(int server, double milliseconds, double megabits) {
        this.server = server;
        this.oneWay = (long) (milliseconds * 500_000);
        this.up = new Cable(megabits);
        this.down = new Cable(megabits);
    }

    public static void main(String[] args) throws IOException {
        Delay link =
                new Delay(
                        Integer.parseInt(args[0]),
                        Double.parseDouble(args[1]),
                        Double.parseDouble(args[2]));
        if (args.length > 3) {
            Path series = Path.of(args[3]);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> link.write(series)));
        }
        try (ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
            System.out.println(listener.getLocalPort());
            Thread.ofVirtual().start(link::follow);
            while (true) {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> link.connect(client, System.nanoTime()));
            }
        }
    }

    private void write(Path series) {
        try {
            Files.write(
                    series,
                    arrived.entrySet().stream()
                            .map(e -> e.getKey() * BUCKET_MS + "," + e.getValue().sum())
                            .toList());
        } catch (IOException e) {
            System.err.println(series + " cannot be written: " + e.getMessage());
        }
    }

    private void follow() {
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            double megabits = Double.parseDouble(line);
            up.carry(megabits);
            down.carry(megabits);
        }
    }

    private void connect(Socket client, long now) {
        try {
            LockSupport.parkNanos(oneWay);
            Socket remote = new Socket();
            remote.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
            client.setTcpNoDelay(true);
            remote.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> relay(client, remote, up, now + 2 * oneWay));
            Thread.ofVirtual().start(() -> relay(remote, client, down, 0));
        } catch (IOException e) {
            close(client);
        }
    }

    private void relay(Socket from, Socket to, Cable cable, long notBefore) {
        BlockingQueue<Piece> way = new ArrayBlockingQueue<>(MOST);
        Thread.ofVirtual().start(() -> deliver(way, to, cable == down));
        byte[] buffer = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                long sent = cable.passed(Math.max(System.nanoTime(), notBefore), read);
                way.put(new Piece(sent + oneWay, Arrays.copyOf(buffer, read)));
            }
        } catch (IOException e) {
            // It ends as a connection does that was reset.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        way.offer(new Piece(System.nanoTime() + oneWay, new byte[0]));
    }

    private void deliver(BlockingQueue<Piece> way, Socket to, boolean counts) {
        try (to) {
            OutputStream out = to.getOutputStream();
            for (Piece piece = way.take(); piece.bytes().length > 0; piece = way.take()) {
                for (long left = 1; left > 0; ) {
                    left = piece.arrives() - System.nanoTime();
                    LockSupport.parkNanos(left);
                }
                out.write(piece.bytes());
                if (counts) {
                    long bucket = System.currentTimeMillis() / BUCKET_MS;
                    arrived.computeIfAbsent(bucket, _ -> new LongAdder()).add(piece.bytes().length);
                }
            }
        } catch (IOException e) {
            // The other side has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use either way.
        }
    }
}
