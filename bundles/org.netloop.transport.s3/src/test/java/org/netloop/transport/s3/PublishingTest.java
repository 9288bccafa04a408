package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.FetchException.Denied;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.transport.s3.Front.Answer;
import org.netloop.transport.s3.Front.CutAnswer;
import org.netloop.transport.s3.Front.CutRequest;
import org.netloop.transport.s3.Front.Reply;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Tests the requests that a publisher sends to a real server, and its handling of faults. */
@Timeout(180)
@SuppressWarnings("NullAway.Init")
class PublishingTest {
    @TempDir static Path directory;

    private static S3Server server;
    private static Front front;

    private final S3Transport transport = Keys.transport(Keys.RIGHT, front.endpoint());

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server(directory);
        front = new Front(server.endpoint());
    }

    @AfterAll
    static void stopServer() throws Exception {
        front.close();
        server.close();
    }

    @AfterEach
    void stop() {
        transport.stop();
    }

    private static S3Transport transport(String setting, int value) {
        return Keys.transport(
                Map.of("profile", Keys.RIGHT, "endpoint", front.endpoint(), setting, value));
    }

    private Repository open(String prefix) throws IOException {
        front.script(_ -> Front.HAND_ON);
        return transport.open(URI.create("s3://images/" + prefix));
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** The first so many requests of that method fare so, all others well. */
    private static void script(String method, int times, Reply reply) {
        AtomicInteger left = new AtomicInteger(times);
        front.script(
                request ->
                        request.method().equals(method) && left.getAndDecrement() > 0
                                ? reply
                                : Front.HAND_ON);
    }

    private static String cacheControl(String key) {
        return server.store()
                .blobMetadata(S3Server.BUCKET, key)
                .getContentMetadata()
                .getCacheControl();
    }

    @Test
    void whatNeverChangesMayBeKeptForEver() throws IOException {
        Repository repository = open("kinds");
        repository.put("blocks/aa", text("a"), Kind.BLOCK);
        repository.putOnce("blocks/bb", text("b"), Kind.BLOCK);
        repository.put("channels/stable.json", text("{}"), Kind.POINTER);
        assertThat(cacheControl("kinds/blocks/aa")).contains("immutable", "max-age=31536000");
        assertThat(cacheControl("kinds/blocks/bb")).contains("immutable", "max-age=31536000");
        assertThat(cacheControl("kinds/channels/stable.json")).isEqualTo("no-cache");
    }

    @Test
    void whatIsThereIsAskedForAndNotSent() throws IOException {
        Repository repository = open("once");
        repository.putOnce("blocks/aa", text("content"), Kind.BLOCK);
        assertThat(front.methods()).containsExactly("HEAD", "PUT");
        front.script(_ -> Front.HAND_ON);
        assertThat(repository.putOnce("blocks/aa", text("content"), Kind.BLOCK)).isTrue();
        assertThat(front.methods()).containsExactly("HEAD");
    }

    @Test
    void aServerThatIsTooBusyIsAskedAgain() throws IOException {
        Repository repository = open("busy");
        script(
                "PUT",
                2,
                new Answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>", List.of()));
        repository.put("blocks/aa", text("content"), Kind.BLOCK);
        assertThat(front.methods()).containsExactly("PUT", "PUT", "PUT");
        assertThat(repository.read("blocks/aa", 100)).isEqualTo(text("content"));
    }

    @Test
    void aServerThatStaysBusyIsGivenUp() throws IOException {
        S3Transport impatient = transport("publishing_attempts", 2);
        Repository repository = impatient.open(URI.create("s3://images/busy"));
        script(
                "PUT",
                100,
                new Answer("503 Slow Down", "<Error><Code>SlowDown</Code></Error>", List.of()));
        assertThatThrownBy(() -> repository.put("blocks/bb", text("content"), Kind.BLOCK))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("s3://images/busy/blocks/bb")
                .hasMessageContaining("SlowDown");
        assertThat(front.methods()).hasSize(2);
        impatient.stop();
    }

    @Test
    void aConnectionThatBreaksInTheMiddleIsMadeAnew() throws IOException {
        Repository repository = open("broken");
        ByteBuffer content = ByteBuffer.allocate(300_000);
        script("PUT", 2, new CutRequest());
        repository.put("blocks/aa", content.duplicate(), Kind.BLOCK);
        assertThat(repository.length("blocks/aa")).hasValue(300_000);
        script("GET", 2, new CutAnswer(100_000));
        assertThat(repository.read("blocks/aa", 300_000)).isEqualTo(content);
        assertThat(front.methods()).containsExactly("GET", "GET", "GET");
    }

    @Test
    void wrongKeysAreToldFromUnknownOnesAlsoByAQuestionWithoutAnAnswer() throws IOException {
        for (Map.Entry<String, String> wrong :
                Map.of(Keys.WRONG_SECRET, "secret key is wrong", Keys.UNKNOWN, "not known")
                        .entrySet()) {
            S3Transport other = Keys.transport(wrong.getKey(), server.endpoint());
            Repository repository = other.open(URI.create("s3://images/keys"));
            assertThatThrownBy(() -> repository.put("a", text("b"), Kind.BLOCK))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining(wrong.getValue());
            // HEAD is answered with a status alone.
            assertThatThrownBy(() -> repository.putOnce("a", text("b"), Kind.BLOCK))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining(wrong.getValue());
            assertThatThrownBy(() -> repository.list(""))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining(wrong.getValue());
            other.stop();
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamed() throws IOException {
        Repository repository = transport.open(URI.create("s3://no-such-bucket/x"));
        for (Attempt attempt :
                new Attempt[] {
                    () -> repository.put("a", text("b"), Kind.BLOCK),
                    () -> repository.putOnce("a", text("b"), Kind.BLOCK),
                    () -> repository.list(""),
                    () -> repository.read("a", 10)
                }) {
            assertThatThrownBy(attempt::make)
                    .isInstanceOf(Missing.class)
                    .hasMessageContaining("there is no bucket no-such-bucket");
        }
    }

    /** Operation that fails. */
    private interface Attempt {
        void make() throws IOException;
    }

    @Test
    void aClockThatIsWrongIsSetByTheServersAnswer() throws IOException {
        Repository repository = open("clock");
        script(
                "PUT",
                1,
                new Answer(
                        "403 Forbidden",
                        "<Error><Code>RequestTimeTooSkewed</Code></Error>",
                        List.of("Date: Tue, 01 Jan 2030 00:00:00 GMT")));
        // The server knows better than the one that said so, and says so in its turn.
        repository.put("a", text("b"), Kind.BLOCK);
        assertThat(front.requests())
                .extracting(request -> request.header("x-amz-date").startsWith("20300101T"))
                .containsExactly(false, true, false);
    }

    @Test
    void listingsOfSeveralPagesAreWhole() throws IOException {
        Repository repository = open("pages");
        int count = 1005;
        IntStream.range(0, count).forEach(i -> server.put("pages/blocks/" + i, new byte[1]));
        try (var entries = repository.list("blocks/")) {
            assertThat(entries.distinct()).hasSize(count);
        }
        assertThat(front.methods()).containsExactly("GET", "GET");
    }

    @Test
    void manyArePutAtATime() throws Exception {
        Repository repository = open("many");
        AtomicInteger now = new AtomicInteger();
        CompletableFuture<Void> eight = new CompletableFuture<>();
        front.script(
                request -> {
                    // Nobody is answered before eight are under way.
                    if (now.incrementAndGet() == 8) {
                        eight.complete(null);
                    }
                    eight.orTimeout(90, TimeUnit.SECONDS).join();
                    return Front.HAND_ON;
                });
        CompletableFuture.allOf(
                        IntStream.range(0, 8)
                                .mapToObj(
                                        i ->
                                                CompletableFuture.runAsync(
                                                        () -> put(repository, "blocks/" + i),
                                                        Thread::startVirtualThread))
                                .toArray(CompletableFuture[]::new))
                .get(100, TimeUnit.SECONDS);
        assertThat(front.methods()).hasSize(8);
    }

    private static void put(Repository repository, String path) {
        try {
            repository.put(path, text(path), Kind.BLOCK);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void anInterruptEndsAPublishersRequest() throws Exception {
        Repository repository = open("interrupted");
        CompletableFuture<Void> never = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        front.script(
                _ -> {
                    asked.complete(null);
                    never.join();
                    return Front.HAND_ON;
                });
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread publisher =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                repository.put("a", text("b"), Kind.BLOCK);
                                outcome.complete(new AssertionError("it was answered"));
                            } catch (IOException e) {
                                outcome.complete(e);
                            }
                        });
        asked.get(60, TimeUnit.SECONDS);
        publisher.interrupt();
        assertThat(outcome.get(60, TimeUnit.SECONDS))
                .isInstanceOf(java.nio.channels.ClosedByInterruptException.class);
        never.complete(null);
    }

    @Test
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        S3Transport impatient = transport("publishing_timeout_ms", 1500);
        CompletableFuture<Void> never = new CompletableFuture<>();
        front.script(
                _ -> {
                    never.join();
                    return Front.HAND_ON;
                });
        long began = System.nanoTime();
        Repository repository = impatient.open(URI.create("s3://images/silent"));
        assertThatThrownBy(() -> repository.put("a", text("b"), Kind.BLOCK))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("no end after 1500 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        never.complete(null);
        impatient.stop();
    }
}
