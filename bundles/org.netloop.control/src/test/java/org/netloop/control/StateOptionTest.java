package org.netloop.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

class StateOptionTest {
    @TempDir Path base;

    private Path socket(String name) throws IOException {
        return Files.createDirectories(base.resolve(name)).resolve("control.sock");
    }

    private static ServerSocketChannel listening(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket));
    }

    @Test
    void theSocketOfADeploymentThatWasKilledDoesNotCountBesideOneThatRuns() throws Exception {
        Files.createDirectories(base.resolve("empty"));
        Path killed = socket("killed");
        listening(killed).close();
        assertThat(StateOption.running(base)).containsExactly(killed);
        try (ServerSocketChannel _ = listening(socket("live"))) {
            assertThat(StateOption.running(base)).containsExactly(socket("live"));
        }
    }

    @Test
    void whereNoneEverRanThereIsNone() throws Exception {
        assertThat(StateOption.running(base.resolve("nowhere"))).isEmpty();
    }
}
