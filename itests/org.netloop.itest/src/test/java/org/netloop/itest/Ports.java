package org.netloop.itest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports of loopback for the servers of tests. */
final class Ports {
    private Ports() {}

    /** Returns a port on which nobody listens. */
    static int free() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
