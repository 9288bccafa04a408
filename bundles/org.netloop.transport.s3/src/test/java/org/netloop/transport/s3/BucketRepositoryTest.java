package org.netloop.transport.s3;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.Repository;
import org.netloop.tck.RepositoryContract;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Against a real server that checks signatures. */
@Timeout(120)
class BucketRepositoryTest extends RepositoryContract {
    private static final AtomicInteger NUMBER = new AtomicInteger();

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
    protected Repository open() throws IOException {
        return transport.open(
                URI.create("s3://images/repositories/number-" + NUMBER.incrementAndGet()));
    }
}
