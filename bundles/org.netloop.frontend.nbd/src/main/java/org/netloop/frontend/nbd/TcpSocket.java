package org.netloop.frontend.nbd;

import org.netloop.api.message.Failures;
import org.netloop.api.systemd.PassedSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/** Listening sockets of TCP. Stateless. */
final class TcpSocket {
    private static final Logger LOG = LoggerFactory.getLogger(TcpSocket.class);

    private TcpSocket() {}

    /**
     * Listens at a place, by the socket that the service manager or a former process passes for it,
     * or by one of our own. Warns of a place that strangers may read.
     *
     * @throws IOException in words, if its address cannot be had
     */
    static ServerSocketChannel listen(Place place, TlsMode tls, int backlog) throws IOException {
        Optional<PassedSockets.Opened> passed = PassedSockets.ofThisProcess().open(place.address());
        ServerSocketChannel server =
                passed.isPresent() ? passed.get().channel() : bound(place, backlog);
        if (place.address() instanceof InetSocketAddress inet
                && !inet.getAddress().isLoopbackAddress()
                && tls != TlsMode.REQUIRED) {
            LOG.warn(
                    "{} is open to every host that reaches it: {}",
                    inet,
                    tls == TlsMode.OFF
                            ? "NBD here has neither encryption nor passwords"
                            : "clients may do without TLS");
        }
        return server;
    }

    private static ServerSocketChannel bound(Place place, int backlog) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(place.address(), backlog);
        } catch (IOException e) {
            server.close();
            throw new IOException(
                    "cannot listen at " + place.address() + ": " + Failures.sentence(e), e);
        }
        return server;
    }
}
