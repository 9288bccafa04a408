package org.netloop.transport.s3;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.Transport;
import org.netloop.tck.TransportContract;

import java.net.URI;
import java.nio.file.Path;

/** Against a real server that checks signatures. */
@Timeout(60)
class S3TransportTest extends TransportContract {
    @TempDir static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static S3Server server;

    private final S3Transport transport = Keys.transport(Keys.RIGHT, server.endpoint());

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server(directory);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @AfterEach
    void stop() {
        transport.stop();
    }

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected URI offer(String path, byte[] bytes) {
        server.put("some/prefix/" + path, bytes);
        return URI.create("s3://images/some/prefix/" + path);
    }

    @Override
    protected URI nowhere() {
        return URI.create("s3://images/no/such/object");
    }
}
