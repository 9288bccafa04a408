package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.transport.Repository;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.transport.s3.Front.Answer;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Tests which objects a publisher looks for before it sends them, by the requests it makes. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class LooksTest {
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

    private Repository open(String prefix) throws IOException {
        front.script(_ -> Front.HAND_ON);
        return transport.open(URI.create("s3://images/" + prefix));
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** Stores so many new objects that the next ones are expected to be new as well. */
    private static void fill(Repository repository, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(repository.putOnce("blocks/new-" + i, text("new " + i), Kind.BLOCK))
                    .isFalse();
        }
    }

    private static long looks() {
        return front.methods().stream().filter("HEAD"::equals).count();
    }

    @Test
    void aNewRepositoryIsFilledByAboutOneRequestAnObject() throws IOException {
        Repository repository = open("new");
        fill(repository, 200);
        assertThat(looks()).isBetween(16L, 24L);
        assertThat(front.methods()).hasSize(200 + (int) looks());
        assertThat(repository.read("blocks/new-199", 100)).isEqualTo(text("new 199"));
    }

    @Test
    void whatProvesToBeThereIsComparedAndFromThenOnLookedFor() throws IOException {
        Repository repository = open("there");
        repository.put("blocks/aa", text("content"), Kind.BLOCK);
        repository.put("blocks/bb", text("damaged"), Kind.BLOCK);
        fill(repository, 17);
        front.script(
                request ->
                        request.header("If-None-Match").equals("*")
                                ? new Answer("412 Precondition Failed", "", List.of())
                                : Front.HAND_ON);
        assertThat(repository.putOnce("blocks/aa", text("content"), Kind.BLOCK)).isTrue();
        assertThat(front.methods()).containsExactly("PUT", "HEAD");
        assertThat(repository.putOnce("blocks/bb", text("content"), Kind.BLOCK)).isFalse();
        assertThat(front.methods()).containsExactly("PUT", "HEAD", "HEAD", "PUT");
        assertThat(repository.read("blocks/bb", 100)).isEqualTo(text("content"));
    }

    @Test
    void aServerThatDoesNotUnderstandTheConditionIsAskedWithoutIt() throws IOException {
        Repository repository = open("plain");
        front.script(
                request ->
                        request.header("If-None-Match").equals("*")
                                ? new Answer("501 Not Implemented", "", List.of())
                                : Front.HAND_ON);
        fill(repository, 60);
        assertThat(looks()).isEqualTo(60);
        assertThat(front.methods()).hasSize(121);
        assertThat(repository.read("blocks/new-59", 100)).isEqualTo(text("new 59"));
    }
}
