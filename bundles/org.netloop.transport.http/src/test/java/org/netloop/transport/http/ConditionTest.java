package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Fetched;
import org.netloop.tck.FakeMirror;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tests what is asked of a server about an object that is known, and what its answer counts. */
class ConditionTest extends MirrorTest {
    private static final String DATE = "Tue, 01 Dec 2026 07:00:00 GMT";

    private static FetchRequest knowing(URI uri, String validator) {
        return new FetchRequest(
                uri, 0, FetchRequest.TO_END, PATIENCE, FetchPurpose.DEMAND, validator);
    }

    private Fetched ask(URI uri, String validator, ByteBuffer into) throws Exception {
        return transport.fetch(knowing(uri, validator), into);
    }

    @Test
    void aServerThatHasWhatIsKnownSendsNothing() throws Exception {
        mirror.answer("channel", 304, NOTHING, "ETag: \"7\"");
        ByteBuffer into = ByteBuffer.allocate(10);
        Fetched fetched = ask(uri("channel"), "\"7\"", into);
        assertThat(fetched.isUnchanged()).isTrue();
        assertThat(fetched.validator()).isEqualTo("\"7\"");
        assertThat(fetched.latencyNanos()).isPositive();
        assertThat(into.position()).isZero();
        FakeMirror.Request request = mirror.requests().getLast();
        assertThat(request.headers()).containsEntry("if-none-match", "\"7\"");
    }

    /**
     * A weak tag may stay though the bytes change, as may a time where a server takes an older one
     * for unchanged; what no server made is not sent to one.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {DATE, "W/\"7\"", "W/\"7\" " + DATE, "7", "(dev=1,ino=2) now", "\"a\r\nb\""})
    void whatNoServerCanTellAnObjectByIsNoCondition(String known) throws Exception {
        URI uri = offer("channel", 100);
        ByteBuffer into = ByteBuffer.allocate(100);
        assertThat(ask(uri, known, into).isUnchanged()).isFalse();
        assertThat(into.flip()).isEqualTo(slice(100, 0, 100));
        assertThat(mirror.requests().getLast().headers())
                .doesNotContainKeys("if-none-match", "if-modified-since");
        mirror.answer("channel", 304, NOTHING);
        assertThatThrownBy(() -> ask(uri, known, into.clear()))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("answers 304");
    }

    @Test
    void nginxAnswers304(@TempDir Path directory) throws Exception {
        try (Nginx nginx = new Nginx(directory)) {
            Files.write(nginx.root().resolve("channel"), new byte[100]);
            URI uri = nginx.base().resolve("channel");
            String validator = head(uri).validator();
            assertThat(validator).isNotNull();
            ByteBuffer into = ByteBuffer.allocate(200);
            assertThat(ask(uri, validator, into).isUnchanged()).isTrue();
            assertThat(into.position()).isZero();
            Files.write(nginx.root().resolve("channel"), new byte[101]);
            assertThat(ask(uri, validator, into).isUnchanged()).isFalse();
            assertThat(into.position()).isEqualTo(101);
            assertThat(nginx.log("channel", 3))
                    .extracting(entry -> entry[3] + " " + entry[4])
                    .containsExactly("200 100", "304 0", "200 101");
        }
    }
}
