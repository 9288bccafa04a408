package org.netloop.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.health.Finding;
import org.netloop.api.mirror.MirroredRepository;
import org.netloop.api.status.Measure;
import org.netloop.api.status.Measures;
import org.netloop.api.transport.FetchException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

@Timeout(60)
class GatewayTest {
    private static final byte[] BLOCK = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(BLOCK));
    private static final String PATH =
            "blocks/" + DIGEST.hex().substring(0, 2) + "/" + DIGEST.hex();

    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();
    private final Map<String, FetchException> failures = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);
    private final Gateway gateway = start(2, Duration.ofSeconds(50));

    private final class FakeRepository implements MirroredRepository {
        @Override
        public Counts counts() {
            return new Counts(1, 2, 3, 4, 5);
        }

        @Override
        public ByteBuffer block(String path, Digest digest, int maxLength) {
            asked.add(digest.toString());
            return ByteBuffer.wrap(BLOCK).asReadOnlyBuffer();
        }

        @Override
        public ByteBuffer document(String path, int maxLength)
                throws FetchException, InterruptedException {
            asked.add(path);
            if (path.equals("slow")) {
                inside.countDown();
                open.await();
            }
            FetchException failure = failures.get(path);
            if (failure != null) {
                throw failure;
            }
            byte[] document = documents.get(path);
            if (document == null) {
                throw new FetchException.Missing(path);
            }
            return ByteBuffer.wrap(document).asReadOnlyBuffer();
        }
    }

    private Gateway start(int places, Duration wait) {
        try {
            Served served =
                    new Served(
                            new String[] {"root test://a/ test://b/"},
                            (_, _) -> new FakeRepository(),
                            Duration.ofSeconds(20));
            Gateway started =
                    new Gateway(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            served,
                            new Gateway.Places(places, wait),
                            0);
            started.start();
            return started;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() {
        open.countDown();
        gateway.stop();
    }

    private String ask(String method, String path, String... headers) throws IOException {
        return ask(gateway, method, path, headers);
    }

    private static String ask(Gateway of, String method, String path, String... headers)
            throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), of.port())) {
            String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            String request =
                    method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + more;
            socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aBlockIsAskedForByItsDigestAndMayBeKeptForEver() throws IOException {
        assertThat(ask("GET", "/root/" + PATH))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Cache-Control: public, max-age=31536000, immutable")
                .endsWith("\r\n\r\n0123456789");
        assertThat(asked).containsExactly(DIGEST.toString());
    }

    @Test
    void aHeadHasTheLengthAndNoBody() throws IOException {
        assertThat(ask("HEAD", "/root/" + PATH))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("Content-Length: 10")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=2-4, 206, bytes 2-4/10, 234",
        "bytes=7-, 206, bytes 7-9/10, 789",
        "bytes=-2, 206, bytes 8-9/10, 89",
        "bytes=8-99, 206, bytes 8-9/10, 89",
        "bytes=0-524287, 206, bytes 0-9/10, 0123456789",
        "bytes=10-, 416, bytes */10, ''",
        "'bytes=0-1,3-4', 200, '', 0123456789",
        "bytes=4-2, 200, '', 0123456789",
        "bytes=-, 200, '', 0123456789",
        "lines=1-2, 200, '', 0123456789"
    })
    void aRangeIsAnswered(String range, int code, String content, String body) throws IOException {
        String answer = ask("GET", "/root/" + PATH, "Range: " + range);
        assertThat(answer).startsWith("HTTP/1.1 " + code).endsWith("\r\n\r\n" + body);
        if (!content.isEmpty()) {
            assertThat(answer).containsIgnoringCase("Content-Range: " + content);
        }
    }

    @Test
    void aDocumentIsAskedForEachTimeAndConfirmedToWhoHasIt() throws IOException {
        documents.put("channels/stable.json", new byte[] {'a'});
        String answer = ask("GET", "/root/channels/stable.json");
        assertThat(answer).containsIgnoringCase("Cache-Control: no-cache").endsWith("\r\n\r\na");
        String tag = answer.replaceAll("(?is).*ETag: (\"[0-9a-f]+\").*", "$1");
        assertThat(ask("GET", "/root/channels/stable.json", "If-None-Match: " + tag))
                .startsWith("HTTP/1.1 304");
        documents.put("channels/stable.json", new byte[] {'b'});
        assertThat(ask("GET", "/root/channels/stable.json", "If-None-Match: " + tag))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\nb");
        assertThat(ask("GET", "/root/channels/stable.json", "Range: bytes=0-0", "If-Range: " + tag))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/root",
                "/root/",
                "/other/" + "channels/stable.json",
                "/root/../channels",
                "/root/..%2fchannels",
                "/root/.hidden",
                "/root/a//b",
                "/root/a/./b",
                "/root/a%00b",
                "/root/packs/ab/pack"
            })
    void nothingElseIsServed(String path) throws IOException {
        assertThat(ask("GET", path)).startsWith("HTTP/1.1 404");
        assertThat(asked).isEmpty();
    }

    @Test
    void onlyReadingIsAnswered() throws IOException {
        assertThat(ask("DELETE", "/root/" + PATH)).startsWith("HTTP/1.1 405");
        assertThat(asked).isEmpty();
    }

    @Test
    void aFailureIsToldByItsKind() throws IOException {
        failures.put("denied", new FetchException.Denied("403"));
        failures.put("down", new FetchException.Unavailable("refused", null));
        failures.put("damaged", new FetchException.Corrupt("other bytes"));
        assertThat(ask("GET", "/root/denied")).startsWith("HTTP/1.1 404");
        assertThat(ask("GET", "/root/down")).startsWith("HTTP/1.1 503");
        assertThat(ask("GET", "/root/damaged")).startsWith("HTTP/1.1 502");
    }

    @Test
    void aRequestThatFindsNoPlaceIsSentElsewhere() throws Exception {
        Gateway narrow = start(1, Duration.ofMillis(1));
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            documents.put("slow", new byte[] {'s'});
            Future<String> first = workers.submit(() -> ask(narrow, "GET", "/root/slow"));
            inside.await();
            assertThat(ask(narrow, "GET", "/root/" + PATH))
                    .startsWith("HTTP/1.1 503")
                    .containsIgnoringCase("Retry-After: 1");
            open.countDown();
            assertThat(first.get()).endsWith("s");
        } finally {
            narrow.stop();
        }
    }

    @Test
    void itReportsWhatItAnswered() throws Exception {
        failures.put("down", new FetchException.Unavailable("refused", null));
        assertThat(gateway.check()).isEmpty();
        ask("GET", "/root/" + PATH, "Range: bytes=2-4");
        ask("GET", "/root/absent");
        ask("POST", "/root/" + PATH);
        ask("GET", "/root/down");
        List<Measure> measures = gateway.reports().getFirst().measures();
        assertThat(measures.stream().filter(m -> m.name().equals("netloop_gateway_requests")))
                .extracting(m -> m.labels().get("answer") + " " + (long) m.number())
                .containsExactlyInAnyOrder(
                        "found 1",
                        "missing 1",
                        "invalid 1",
                        "failed 1",
                        "refused 0",
                        "not_modified 0");
        assertThat(Measures.number(measures, "netloop_gateway_sent_bytes")).isEqualTo(3);
        assertThat(Measures.number(measures, "netloop_gateway_cache_misses")).isEqualTo(3);
        assertThat(gateway.check())
                .extracting(Finding::sentence)
                .singleElement()
                .asString()
                .contains("no mirror answered the latest requests");
    }

    @Test
    void refusalsAreFoundForAMinute() {
        AtomicLong now = new AtomicLong();
        Traffic traffic = new Traffic(now::get);
        now.set(1);
        traffic.answered(Traffic.Outcome.REFUSED);
        assertThat(traffic.findings("gateway"))
                .extracting(Finding::sentence)
                .singleElement()
                .asString()
                .contains("found no place", "raise 'requests'");
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(traffic.findings("gateway")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "root", "../x http://a/", "a/b http://a/"})
    void aLineThatIsNoRepositoryIsRefused(String line) {
        assertThatThrownBy(
                        () ->
                                new Served(
                                        new String[] {line},
                                        (_, _) -> new FakeRepository(),
                                        Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("separated by blanks");
    }
}
