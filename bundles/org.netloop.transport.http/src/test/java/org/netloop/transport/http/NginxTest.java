package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Against the web server that people use. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class NginxTest {
    /** Time limit for operations that take milliseconds on an idle machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Objects that one test asks for and no other: what is logged of them is its own. */
    private static final String MANY = "log/many";

    private static final String OFFERED = "log/offered";
    private static final String OLD = "log/old";
    private static final String CLEAR = "log/clear";
    private static final String SHARED = "log/shared";

    private static final List<String> PATHS =
            List.of(
                    "block",
                    "gzip/block",
                    "private/block",
                    "plain",
                    "slow/block",
                    MANY,
                    OFFERED,
                    OLD,
                    CLEAR,
                    SHARED);

    @TempDir static Path directory;

    private static Nginx nginx;

    @BeforeAll
    static void start() throws Exception {
        nginx = new Nginx(directory);
        for (String path : PATHS) {
            Path file = nginx.root().resolve(path);
            Files.createDirectories(file.resolveSibling(""));
            Files.write(file, HttpTransportTest.bytes(85_000));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        nginx.close();
    }

    private static void fetch(HttpTransport transport, URI uri) throws Exception {
        ByteBuffer into = ByteBuffer.allocateDirect(85_000);
        transport.fetch(FetchRequest.whole(uri, PATIENCE, FetchPurpose.DEMAND), into);
        assertThat(into.flip()).isEqualTo(ByteBuffer.wrap(HttpTransportTest.bytes(85_000)));
    }

    private static HttpTransport started(Map<String, Object> settings) {
        HttpTransport transport = HttpTransportTest.transport(settings);
        transport.start();
        return transport;
    }

    @Test
    void noMoreConnectionsThanAllowedAreMadeAndTheyAreKept() throws Exception {
        HttpTransport transport = started(Map.of("connections_per_mirror", 4));
        fetchManyTimes(transport, nginx.base().resolve(MANY), 200);
        transport.stop();
        List<String[]> log = nginx.log(MANY, 200);
        assertThat(log.stream().map(entry -> entry[0]).distinct()).hasSizeBetween(1, 4);
    }

    @Test
    void whatAServerWouldCompressComesAsItIs() throws Exception {
        HttpTransport transport = started(Map.of());
        fetch(transport, nginx.base().resolve("gzip/block"));
        transport.stop();
    }

    @Test
    void aRedirectIsFollowed() throws Exception {
        HttpTransport transport = started(Map.of());
        fetch(transport, nginx.base().resolve("moved/block"));
        transport.stop();
    }

    @Test
    void aPasswordOpensWhatIsPrivate() throws Exception {
        URI uri = nginx.base().resolve("private/block");
        HttpTransport stranger = started(Map.of());
        assertThatThrownBy(() -> fetch(stranger, uri)).isInstanceOf(FetchException.Denied.class);
        stranger.stop();
        HttpTransport reader =
                started(
                        Map.of(
                                "authorization",
                                new String[] {nginx.base() + " basic reader:secret"}));
        fetch(reader, uri);
        reader.stop();
    }

    @Test
    void http2IsSpokenOverTlsWhereItIsOffered() throws Exception {
        HttpTransport transport = started(Map.of("ca_file", nginx.certificate().toString()));
        fetchManyTimes(transport, nginx.tlsBase().resolve(OFFERED), 50);
        transport.stop();
        assertThat(nginx.log(OFFERED, 50)).allMatch(entry -> entry[5].equals("HTTP/2.0"));
    }

    @Test
    void http1IsSpokenWhereItIsTold() throws Exception {
        HttpTransport transport =
                started(Map.of("ca_file", nginx.certificate().toString(), "http_version", "http1"));
        fetch(transport, nginx.tlsBase().resolve(OLD));
        transport.stop();
        assertThat(nginx.log(OLD, 1).getFirst()[5]).isEqualTo("HTTP/1.1");
    }

    @Test
    void aServerNobodyVouchesForIsNotTrusted() {
        HttpTransport transport = started(Map.of());
        assertThatThrownBy(() -> fetch(transport, nginx.tlsBase().resolve("block")))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageContaining("not signed by an authority that this machine trusts");
        transport.stop();
    }

    @Test
    void aRedirectFromTlsToPlainIsNotFollowed() {
        HttpTransport transport = started(Map.of("ca_file", nginx.certificate().toString()));
        assertThatThrownBy(() -> fetch(transport, nginx.tlsBase().resolve("downgrade/x")))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageContaining("not followed");
        transport.stop();
    }

    @Test
    void aFetchWhoseTimeIsUpDoesNotEndItsNeighboursOnAConnection() throws Exception {
        HttpTransport transport = started(Map.of("ca_file", nginx.certificate().toString()));
        URI slow = nginx.tlsBase().resolve("slow/block");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> good =
                    threads.submit(() -> again(transport, nginx.tlsBase().resolve("block"), 200));
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(
                                () ->
                                        transport.fetch(
                                                FetchRequest.whole(
                                                        slow,
                                                        Duration.ofMillis(100),
                                                        FetchPurpose.DEMAND),
                                                ByteBuffer.allocate(85_000)))
                        .isInstanceOf(FetchException.Unavailable.class);
            }
            good.get();
        }
        transport.stop();
    }

    @Test
    void aPartIsHadByItsRange() throws Exception {
        HttpTransport transport = started(Map.of());
        ByteBuffer into = ByteBuffer.allocate(100);
        URI uri = nginx.base().resolve("block");
        Fetched fetched =
                transport.fetch(
                        new FetchRequest(uri, 84_950, 100, PATIENCE, FetchPurpose.DEMAND), into);
        transport.stop();
        assertThat(into.flip())
                .isEqualTo(ByteBuffer.wrap(HttpTransportTest.bytes(85_000), 84_950, 50));
        assertThat(fetched.totalLength()).isEqualTo(85_000);
        assertThat(fetched.validator()).startsWith("\"");
        assertThat(fetched.latencyNanos()).isPositive();
    }

    @Test
    void http2IsSpokenWithoutTlsWhereItIsToldThoughTheServerSaysGoodbye() throws Exception {
        HttpTransport transport = started(Map.of("http_version", "http2"));
        fetchManyTimes(transport, nginx.http2Base().resolve(CLEAR), 300);
        transport.stop();
        assertThat(nginx.log(CLEAR, 300)).allMatch(entry -> entry[5].equals("HTTP/2.0"));
    }

    @Test
    void moreFetchesThanConnectionsShareThemOverHttp2() throws Exception {
        HttpTransport transport =
                started(
                        Map.of(
                                "ca_file",
                                nginx.certificate().toString(),
                                "connections_per_mirror",
                                8));
        fetchManyTimes(transport, nginx.tlsBase().resolve(SHARED), 400);
        transport.stop();
        assertThat(nginx.log(SHARED, 400).stream().map(entry -> entry[0]))
                .satisfies(all -> assertThat(all.stream().distinct()).hasSizeLessThanOrEqualTo(8));
    }

    private static void fetchManyTimes(HttpTransport transport, URI uri, int times)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    fetch(transport, uri);
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void anObjectThatIsTooLongDoesNotEndItsNeighboursOnAConnection() throws Exception {
        HttpTransport transport =
                started(
                        Map.of(
                                "ca_file",
                                nginx.certificate().toString(),
                                "connections_per_mirror",
                                1));
        URI uri = nginx.tlsBase().resolve("block");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> good = threads.submit(() -> again(transport, uri, 100));
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(
                                () ->
                                        transport.fetch(
                                                FetchRequest.whole(
                                                        uri, PATIENCE, FetchPurpose.DEMAND),
                                                ByteBuffer.allocate(10)))
                        .isInstanceOf(FetchException.Corrupt.class);
            }
            good.get();
        }
        transport.stop();
    }

    private static Object again(HttpTransport transport, URI uri, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            fetch(transport, uri);
        }
        return times;
    }

    @Test
    void aRestartedServerIsAskedAgain() throws Exception {
        HttpTransport transport = started(Map.of());
        for (int i = 0; i < 3; i++) {
            fetchManyTimes(transport, nginx.base().resolve("block"), 50);
            nginx.restart();
        }
        fetch(transport, nginx.base().resolve("block"));
        transport.stop();
    }

    @Test
    void aProxyThatAsksForAPasswordLeadsToBothKindsOfMirror() throws Exception {
        try (ForwardProxy proxy = new ForwardProxy("Basic bWU6c2VzYW1l")) {
            HttpTransport transport =
                    started(
                            Map.of(
                                    "proxy",
                                    "http://me:sesame@127.0.0.1:" + proxy.port(),
                                    "ca_file",
                                    nginx.certificate().toString()));
            fetch(transport, nginx.base().resolve("block"));
            fetch(transport, nginx.tlsBase().resolve("block"));
            transport.stop();
            assertThat(proxy.passed)
                    .hasSize(2)
                    .satisfies(first -> assertThat(first.get(0)).startsWith("GET http://127.0.0.1"))
                    .satisfies(both -> assertThat(both.get(1)).startsWith("CONNECT 127.0.0.1"));
        }
    }

    @Test
    void aProxyThatIsNotToldWhoAsksDenies() throws Exception {
        try (ForwardProxy proxy = new ForwardProxy("Basic bWU6c2VzYW1l")) {
            HttpTransport transport =
                    started(
                            Map.of(
                                    "proxy",
                                    "http://127.0.0.1:" + proxy.port(),
                                    "ca_file",
                                    nginx.certificate().toString()));
            for (URI base : List.of(nginx.base(), nginx.tlsBase())) {
                assertThatThrownBy(() -> fetch(transport, base.resolve("block")))
                        .isInstanceOf(FetchException.Denied.class);
            }
            transport.stop();
            assertThat(proxy.passed).isEmpty();
        }
    }

    @Test
    void aMirrorThatAsksForAPasswordDoesNotGetTheProxys() throws Exception {
        try (ForwardProxy proxy = new ForwardProxy("Basic cmVhZGVyOnNlY3JldA==")) {
            HttpTransport transport =
                    started(Map.of("proxy", "http://reader:secret@127.0.0.1:" + proxy.port()));
            assertThatThrownBy(() -> fetch(transport, nginx.base().resolve("private/block")))
                    .isInstanceOf(FetchException.Denied.class);
            transport.stop();
            assertThat(proxy.passed).hasSize(1);
        }
    }
}
