package org.netloop.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.http.WebServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Streams of events, of which there may be one at a time here. */
@Timeout(60)
class EventPageTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
    private static final String REQUEST =
            "GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static String ask(int port) throws IOException {
        try (Socket socket = new Socket(LOCAL, port)) {
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Many times, because a page that saw its end once had its place still. */
    @Test
    void aPageWhoseStreamEndedFindsItsPlaceFree() throws IOException {
        EventPage page =
                new EventPage(List::of, List::of, () -> false, new EventPage.Limits(1, 0, 1));
        try (WebServer server =
                new WebServer(new InetSocketAddress(LOCAL, 0), 0, page, List.of())) {
            server.start();
            for (int i = 0; i < 500; i++) {
                assertThat(ask(server.address().getPort())).startsWith("HTTP/1.1 200");
            }
        }
    }
}
