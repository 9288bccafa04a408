package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Transport;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;
import org.netloop.tck.TransportContract;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

@Timeout(120)
class HttpTransportTest extends TransportContract {
    private static final Duration SHORT = Duration.ofMillis(700);

    /** Longer than anything takes that ends before its time is up. */
    private static final Duration LONG = Duration.ofSeconds(50);

    private final FakeMirror mirror = start();
    private final HttpTransport transport = transport(Map.of());

    private static FakeMirror start() {
        try {
            return new FakeMirror();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static HttpTransport transport(Map<String, Object> settings) {
        try {
            return new HttpTransport(TestSettings.of(settings));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void startTransport() {
        transport.start();
    }

    @AfterEach
    void stop() throws IOException {
        transport.stop();
        mirror.close();
    }

    @Override
    protected Transport transport() {
        return transport;
    }

    @Override
    protected URI offer(String path, byte[] bytes) {
        mirror.put(path, bytes);
        return mirror.base().resolve(path);
    }

    @Override
    protected URI nowhere() {
        return mirror.base().resolve("no/such/object");
    }

    @Override
    protected Optional<URI> silent() {
        mirror.fault("silent", Fault.SILENT);
        return Optional.of(mirror.base().resolve("silent"));
    }

    @Override
    protected Optional<URI> forbidden() {
        mirror.fault("forbidden", Fault.FORBIDDEN);
        return Optional.of(mirror.base().resolve("forbidden"));
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static FetchRequest whole(URI uri) {
        return whole(uri, LONG);
    }

    private static FetchRequest whole(URI uri, Duration timeout) {
        return FetchRequest.whole(uri, timeout, FetchPurpose.DEMAND);
    }

    private void assertFailure(Fault fault, Class<? extends FetchException> type, String message) {
        assertFailure(fault, LONG, type, message);
    }

    private void assertFailure(
            Fault fault, Duration timeout, Class<? extends FetchException> type, String message) {
        URI uri = offer("block", bytes(5000));
        mirror.fault("block", fault);
        long began = System.nanoTime();
        assertThatThrownBy(
                        () -> transport.fetch(whole(uri, timeout), ByteBuffer.allocateDirect(5000)))
                .isInstanceOf(type)
                .hasMessageContaining(uri.toString())
                .hasMessageContaining(message);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SHORT.plusSeconds(30));
    }

    @Test
    void faultsOfTheServerHaveTheirTypes() {
        assertFailure(Fault.NOT_FOUND, FetchException.Missing.class, "404");
        assertFailure(Fault.FORBIDDEN, FetchException.Denied.class, "403");
        assertFailure(Fault.SERVER_ERROR, FetchException.Unavailable.class, "500");
        assertFailure(
                Fault.REDIRECT_LOOP, FetchException.Unavailable.class, "redirects in a circle");
        assertFailure(Fault.CLOSED, FetchException.Unavailable.class, "closed");
        assertFailure(Fault.CODED, FetchException.Corrupt.class, "gzip");
    }

    @Test
    void aBodyThatEndsTooEarlyIsNoObject() {
        assertFailure(Fault.TRUNCATED, FetchException.Unavailable.class, "closed in the middle");
    }

    @Test
    void anEndlessBodyTakesNoMemory() {
        assertFailure(Fault.ENDLESS, FetchException.Corrupt.class, "more bytes come than the 5000");
    }

    @Test
    void silenceAndTricklesEndInTime() {
        assertFailure(
                Fault.SILENT,
                SHORT,
                FetchException.Unavailable.class,
                "0 bytes came within 700 ms");
        assertFailure(Fault.TRICKLE, SHORT, FetchException.Unavailable.class, "within 700 ms");
    }

    @Test
    void aBusyServerSaysWhenToComeBack() {
        URI uri = offer("block", bytes(10));
        mirror.fault(Fault.BUSY);
        assertThatThrownBy(() -> transport.fetch(whole(uri), ByteBuffer.allocate(10)))
                .isInstanceOfSatisfying(
                        FetchException.Unavailable.class,
                        e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
    }

    @Test
    void aWrongRangeIsRefused() {
        URI uri = offer("block", bytes(5000));
        mirror.fault(Fault.WRONG_RANGE);
        FetchRequest request = new FetchRequest(uri, 1000, 10, LONG, FetchPurpose.DEMAND);
        assertThatThrownBy(() -> transport.fetch(request, ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Corrupt.class);
    }

    @Test
    void anAnnouncedLengthBeyondTheRoomIsNotRead() {
        URI uri = offer("block", bytes(500_000));
        assertThatThrownBy(() -> transport.fetch(whole(uri), ByteBuffer.allocate(100)))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining("500000 bytes where at most 100");
    }

    @Test
    void nothingIsWrittenAfterTheFetchHasEnded() throws Exception {
        URI uri = offer("block", bytes(100));
        mirror.fault(Fault.TRICKLE);
        ByteBuffer into = ByteBuffer.allocate(100);
        assertThatThrownBy(() -> transport.fetch(whole(uri, SHORT), into))
                .isInstanceOf(FetchException.class);
        byte[] before = into.array().clone();
        mirror.clearFaults();
        // By the time another fetch is through, a late byte of the first would have come.
        transport.fetch(whole(uri), ByteBuffer.allocate(100));
        assertThat(into.array()).isEqualTo(before);
    }

    @Test
    void connectionsAreKept() throws Exception {
        URI uri = offer("block", bytes(5000));
        for (int i = 0; i < 20; i++) {
            transport.fetch(whole(uri), ByteBuffer.allocate(5000));
        }
        // One is given back a moment after its answer is complete: now and then another is made
        // meanwhile.
        assertThat(mirror.connections()).isLessThan(6);
    }

    @Test
    void aKeptConnectionThatWasClosedIsNoFault() throws Exception {
        URI uri = offer("block", bytes(5000));
        for (int i = 0; i < 10; i++) {
            transport.fetch(whole(uri), ByteBuffer.allocate(5000));
            mirror.dropConnections();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void afterAnyFaultTheNextFetchIsWell(Fault fault) throws Exception {
        URI uri = offer("block", bytes(5000));
        mirror.fault(fault);
        try {
            transport.fetch(whole(uri, SHORT), ByteBuffer.allocate(5000));
        } catch (FetchException _) {
            // It was asked for.
        }
        mirror.clearFaults();
        ByteBuffer into = ByteBuffer.allocate(5000);
        transport.fetch(whole(uri), into);
        assertThat(into.array()).isEqualTo(bytes(5000));
    }

    @Test
    void aDeadHostIsUnavailable() throws Exception {
        URI uri = offer("block", bytes(10));
        mirror.close();
        assertThatThrownBy(() -> transport.fetch(whole(uri), ByteBuffer.allocate(10)))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageContaining(uri.toString());
    }

    @Test
    void nothingIsAskedForInAnotherCoding() throws Exception {
        transport.fetch(whole(offer("block", bytes(10))), ByteBuffer.allocate(10));
        assertThat(mirror.requests().getFirst().headers())
                .containsEntry("accept-encoding", "identity");
    }

    @Test
    void credentialsOfTheUriAreSentAndNotShown() throws Exception {
        offer("block", bytes(10));
        URI uri =
                URI.create(
                        mirror.base().toString().replace("http://", "http://me:sesame@") + "block");
        transport.fetch(whole(uri), ByteBuffer.allocate(10));
        assertThat(mirror.requests().getFirst().headers())
                .containsEntry("authorization", "Basic bWU6c2VzYW1l");
        mirror.fault(Fault.FORBIDDEN);
        assertThatThrownBy(() -> transport.fetch(whole(uri), ByteBuffer.allocate(10)))
                .hasMessageNotContaining("sesame");
    }

    @Test
    void aTokenGoesToItsOriginOnly() throws Exception {
        String origin = mirror.base().toString();
        HttpTransport own =
                transport(Map.of("authorization", new String[] {origin + " bearer t0ken"}));
        own.start();
        try (FakeMirror other = new FakeMirror()) {
            other.put("block", bytes(10));
            own.fetch(whole(offer("block", bytes(10))), ByteBuffer.allocate(10));
            own.fetch(whole(other.base().resolve("block")), ByteBuffer.allocate(10));
            assertThat(mirror.requests().getFirst().headers())
                    .containsEntry("authorization", "Bearer t0ken");
            assertThat(other.requests().getFirst().headers()).doesNotContainKey("authorization");
        } finally {
            own.stop();
        }
    }

    @Test
    void aProxyIsAskedInsteadOfTheMirror() throws Exception {
        HttpTransport own = transport(Map.of("proxy", mirror.base().toString()));
        own.start();
        try {
            mirror.fault(Fault.NOT_FOUND);
            URI uri = URI.create("http://mirror.invalid/block");
            assertThatThrownBy(() -> own.fetch(whole(uri), ByteBuffer.allocate(10)))
                    .isInstanceOf(FetchException.Missing.class);
            assertThat(mirror.requests().getFirst().path())
                    .isEqualTo("http://mirror.invalid/block");
        } finally {
            own.stop();
        }
    }
}
