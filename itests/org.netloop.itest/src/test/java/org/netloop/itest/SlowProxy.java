package org.netloop.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Hands connections on to a local port, and every request a little later than it came. */
final class SlowProxy implements AutoCloseable {
    private static final int PIECE = 64 << 10;

    private final ServerSocket door;
    private final int target;
    private final Duration delay;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    SlowProxy(int target, Duration delay) throws IOException {
        this.target = target;
        this.delay = delay;
        this.door = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("slow-proxy").start(this::accept);
    }

    /** Returns the base URI. */
    String uri() {
        return "http://127.0.0.1:" + door.getLocalPort() + "/";
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                Thread.ofVirtual().start(() -> pump(client, server, delay));
                Thread.ofVirtual().start(() -> pump(server, client, Duration.ZERO));
            }
        } catch (IOException _) {
            // The door was closed.
        }
    }

    private void pump(Socket from, Socket to, Duration late) {
        byte[] piece = new byte[PIECE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                LockSupport.parkNanos(late.toNanos());
                out.write(piece, 0, count);
            }
        } catch (IOException _) {
            // One side is gone, and so is the other now.
        }
        sockets.remove(from);
        sockets.remove(to);
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
