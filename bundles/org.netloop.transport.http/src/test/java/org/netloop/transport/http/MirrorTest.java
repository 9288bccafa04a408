package org.netloop.transport.http;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.tck.FakeMirror;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A transport and a mirror that does as it is told. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
abstract class MirrorTest {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Duration SHORT = Duration.ofMillis(500);
    static final byte[] NOTHING = {};

    FakeMirror mirror;
    HttpTransport transport;

    @BeforeEach
    void startBoth() throws Exception {
        mirror = new FakeMirror();
        transport = HttpTransportTest.transport(settings());
        transport.start();
    }

    @AfterEach
    void stopBoth() throws Exception {
        transport.stop();
        mirror.close();
    }

    Map<String, Object> settings() {
        return Map.of("proxy", "");
    }

    URI uri(String path) {
        return mirror.base().resolve(path);
    }

    /** An object of that path, as long as told. */
    URI offer(String path, int length) {
        mirror.put(path, HttpTransportTest.bytes(length));
        return uri(path);
    }

    ByteBuffer fetch(URI uri, long offset, long length, int room, Duration timeout)
            throws Exception {
        ByteBuffer into = ByteBuffer.allocate(room);
        transport.fetch(new FetchRequest(uri, offset, length, timeout, FetchPurpose.DEMAND), into);
        return into.flip();
    }

    ByteBuffer fetch(URI uri, int room) throws Exception {
        return fetch(uri, 0, FetchRequest.TO_END, room, PATIENCE);
    }

    Fetched head(URI uri) throws Exception {
        return transport.fetch(
                FetchRequest.whole(uri, PATIENCE, FetchPurpose.DEMAND), ByteBuffer.allocate(1000));
    }

    static ByteBuffer slice(int length, int offset, int count) {
        return ByteBuffer.wrap(HttpTransportTest.bytes(length), offset, count);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
