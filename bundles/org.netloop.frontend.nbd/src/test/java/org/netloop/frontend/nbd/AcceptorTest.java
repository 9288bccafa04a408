package org.netloop.frontend.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A listener outlives what keeps it from taking one client. */
class AcceptorTest {
    private final Deque<Acceptor.Door> next = new ArrayDeque<>();
    private final List<SocketChannel> admitted = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private int roomMade;

    private SocketChannel accept() throws IOException {
        return next.isEmpty() ? closed() : next.removeFirst().accept();
    }

    private static SocketChannel closed() throws IOException {
        throw new ClosedChannelException();
    }

    private static SocketChannel tooManyFiles() throws IOException {
        throw new IOException("Too many open files");
    }

    private static SocketChannel tooManyThreads() {
        throw new OutOfMemoryError("unable to create native thread");
    }

    private void run() {
        new Acceptor("here", this::accept, admitted::add, () -> roomMade++, pauses::add).run();
    }

    @Test
    void itGoesOnAfterTheSystemLackedDescriptorsOrThreads() throws IOException {
        try (SocketChannel client = SocketChannel.open()) {
            next.add(AcceptorTest::tooManyFiles);
            next.add(AcceptorTest::tooManyThreads);
            next.add(AcceptorTest::tooManyFiles);
            next.add(() -> client);
            next.add(AcceptorTest::tooManyFiles);
            run();
            assertThat(admitted).containsExactly(client);
        }
        assertThat(pauses)
                .containsExactly(
                        Duration.ofMillis(20),
                        Duration.ofMillis(40),
                        Duration.ofMillis(80),
                        Duration.ofMillis(20));
        assertThat(roomMade).isEqualTo(4);
    }

    @Test
    void itNeverWaitsLongerThanASecond() {
        for (int i = 0; i < 100; i++) {
            next.add(AcceptorTest::tooManyFiles);
        }
        run();
        assertThat(pauses).hasSize(100).allMatch(p -> p.compareTo(Duration.ofSeconds(1)) <= 0);
        assertThat(pauses.getLast()).isEqualTo(Duration.ofSeconds(1));
    }
}
