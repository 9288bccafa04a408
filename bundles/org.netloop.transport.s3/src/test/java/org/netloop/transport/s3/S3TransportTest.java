package org.netloop.transport.s3;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.Transport;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;
import org.netloop.tck.TransportContract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Against a real server that checks signatures. */
@Timeout(120)
class S3TransportTest extends TransportContract {
    @TempDir static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static S3Server server;

    private final FakeMirror silent = misbehaving(Fault.SILENT);
    private final FakeMirror refusing = misbehaving(Fault.FORBIDDEN);
    private final S3Transport transport =
            Keys.transport(
                    Map.of(
                            "profile",
                            Keys.RIGHT,
                            "endpoint",
                            server.endpoint(),
                            "buckets",
                            new String[] {
                                "silent endpoint=" + endpoint(silent),
                                "refused endpoint=" + endpoint(refusing)
                            }));

    private static String endpoint(FakeMirror mirror) {
        return "http://" + mirror.base().getAuthority();
    }

    private static FakeMirror misbehaving(Fault fault) {
        try {
            FakeMirror mirror = new FakeMirror();
            mirror.fault(fault);
            return mirror;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server(directory);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @AfterEach
    void stop() throws IOException {
        transport.stop();
        silent.close();
        refusing.close();
    }

    @Override
    protected boolean tellsUnchanged() {
        return true;
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

    @Override
    protected Optional<URI> silent() {
        return Optional.of(URI.create("s3://silent/object"));
    }

    @Override
    protected Optional<URI> forbidden() {
        return Optional.of(URI.create("s3://refused/object"));
    }
}
