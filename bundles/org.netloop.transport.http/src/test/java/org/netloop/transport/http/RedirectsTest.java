package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.tck.FakeMirror;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;

/** Answers that lead elsewhere, and what is kept of them. */
class RedirectsTest extends MirrorTest {
    private static final String ONE = "blocks/ab/ab" + "0".repeat(62);
    private static final String TWO = "blocks/cd/cd" + "0".repeat(62);

    @Test
    void redirectsAreFollowedFiveTimesAndNotSix() throws Exception {
        offer("6", 10);
        for (int i = 0; i < 6; i++) {
            mirror.answer(String.valueOf(i), 301 + i % 2, NOTHING, "Location: /" + (i + 1));
        }
        assertThat(fetch(uri("1"), 10).remaining()).isEqualTo(10);
        assertThatThrownBy(() -> fetch(uri("0"), 10))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("5");
    }

    @Test
    void aLoopOfRedirectsIsSeenAtOnce() {
        mirror.answer("a", 302, NOTHING, "Location: b");
        mirror.answer("b", 307, NOTHING, "Location: a");
        assertThatThrownBy(() -> fetch(uri("a"), 10))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("circle");
        assertThat(mirror.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "http://",
        "mailto:x@y",
        "'http://a b/'",
        "http://[::1",
    })
    void aRedirectOutOfTheWebIsNotFollowed(String location) {
        mirror.answer("block", 302, NOTHING, "Location: " + location);
        assertThatThrownBy(() -> fetch(uri("block"), 10)).isInstanceOf(Unavailable.class);
    }

    @Test
    void credentialsOfTheUriStayWithTheirOriginThroughRedirects() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            other.put("block", HttpTransportTest.bytes(10));
            offer("near", 10);
            mirror.answer("here", 302, NOTHING, "Location: /near");
            mirror.answer("away", 302, NOTHING, "Location: " + other.base() + "block");
            String me = mirror.base().toString().replace("http://", "http://me:sesame@");
            fetch(URI.create(me + "here"), 10);
            fetch(URI.create(me + "away"), 10);
            assertThat(mirror.requests())
                    .hasSize(3)
                    .allSatisfy(r -> assertThat(r.headers()).containsKey("authorization"));
            assertThat(other.requests())
                    .singleElement()
                    .satisfies(r -> assertThat(r.headers()).doesNotContainKey("authorization"));
        }
    }

    @Test
    void aRedirectDoesNotChooseCredentials() throws Exception {
        offer("block", 10);
        String chosen = mirror.base().toString().replace("http://", "http://other:choice@");
        mirror.answer("here", 302, NOTHING, "Location: " + chosen + "block");
        fetch(uri("here"), 10);
        assertThat(mirror.requests().getLast().headers()).doesNotContainKey("authorization");
    }

    @Test
    void aRedirectDoesNotMakeUseOfWhatIsConfiguredForItsGoal() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            other.put("admin", HttpTransportTest.bytes(10));
            mirror.answer("here", 301, NOTHING, "Location: " + other.base() + "admin");
            HttpTransport own =
                    HttpTransportTest.transport(
                            Map.of("authorization", new String[] {other.base() + " bearer t0ken"}));
            own.start();
            try {
                for (int i = 0; i < 2; i++) {
                    own.fetch(
                            FetchRequest.whole(uri("here"), PATIENCE, FetchPurpose.DEMAND),
                            ByteBuffer.allocate(10));
                }
            } finally {
                own.stop();
            }
            assertThat(other.requests())
                    .hasSize(2)
                    .allSatisfy(
                            request ->
                                    assertThat(request.headers())
                                            .doesNotContainKey("authorization"));
        }
    }

    private void redirectTo(FakeMirror other, String path, int status, String... headers) {
        String[] all = new String[headers.length + 1];
        all[0] = "Location: " + other.base() + "there/" + path;
        System.arraycopy(headers, 0, all, 1, headers.length);
        mirror.answer(path, status, NOTHING, all);
        other.put("there/" + path, HttpTransportTest.bytes(10));
    }

    private int asked(String path) {
        return (int) mirror.requests().stream().filter(r -> r.path().equals("/" + path)).count();
    }

    @Test
    void aPermanentRedirectIsPaidOnceForAllItsNeighboursNamedByDigests() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, ONE, 301);
            redirectTo(other, TWO, 301);
            fetch(uri(ONE), 10);
            fetch(uri(ONE), 10);
            fetch(uri(TWO), 10);
            assertThat(asked(ONE)).isEqualTo(1);
            assertThat(asked(TWO)).isZero();
            assertThat(other.requests()).hasSize(3);
        }
    }

    @Test
    void whatIsNotNamedByADigestIsNotGuessed() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, ONE, 301);
            redirectTo(other, "blocks/stable.json", 301);
            fetch(uri(ONE), 10);
            fetch(uri("blocks/stable.json"), 10);
            assertThat(asked("blocks/stable.json")).isEqualTo(1);
        }
    }

    @Test
    void aNeighbourThatIsWantedAgainIsAskedForWhereItIs() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, ONE, 301);
            offer(TWO, 10);
            other.put("there/" + TWO, new byte[10]);
            fetch(uri(ONE), 10);
            assertThat(fetch(uri(TWO), 10).get(0)).isZero();
            assertThat(fetch(uri(TWO), 10)).isEqualTo(slice(10, 0, 10));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "301, Cache-Control: no-store, 2",
        "301, 'Cache-Control: max-age=0, public', 2",
        "308, X: y, 1",
        "302, X: y, 2",
        "302, Cache-Control: max-age=100, 1",
        "307, Cache-Control: max-age=100, 1",
        "307, 'Cache-Control: private, max-age=\"100\"', 1",
        "302, 'Cache-Control: max-age=100, no-cache=\"Location\"', 2",
        "302, 'Expires: Fri, 01 Jan 2100 00:00:00 GMT', 1",
        "302, 'Expires: Fri, 01 Jan 1999 00:00:00 GMT', 2",
        "302, Expires: 0, 2",
        "303, Cache-Control: max-age=100, 2",
    })
    void aRedirectHoldsForAsLongAsItSays(int status, String header, int asked) throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, "image", status, header);
            fetch(uri("image"), 10);
            fetch(uri("image"), 10);
            assertThat(asked("image")).isEqualTo(asked);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 403, 500})
    void aWayThatFailsIsForgottenAtOnce(int status) throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, ONE, 301);
            fetch(uri(ONE), 10);
            other.answer("there/" + ONE, status, NOTHING);
            mirror.clearFaults();
            offer(ONE, 10);
            assertThat(fetch(uri(ONE), 10)).isEqualTo(slice(10, 0, 10));
            assertThat(fetch(uri(ONE), 10)).isEqualTo(slice(10, 0, 10));
            assertThat(other.requests()).hasSize(2);
        }
    }

    @Test
    void aWayThatGivesHalfOfAnAnswerLeavesNothingOfIt() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, ONE, 301);
            fetch(uri(ONE), 10);
            other.raw("there/" + ONE, ascii("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
            mirror.clearFaults();
            offer(ONE, 10);
            assertThat(fetch(uri(ONE), 10)).isEqualTo(slice(10, 0, 10));
        }
    }

    @Test
    void whoProvesWhoTheyAreIsLedApart() throws Exception {
        try (FakeMirror other = new FakeMirror()) {
            redirectTo(other, ONE, 301);
            URI mine = URI.create(uri(ONE).toString().replace("http://", "http://me:sesame@"));
            fetch(mine, 10);
            fetch(mine, 10);
            fetch(uri(ONE), 10);
            assertThat(asked(ONE)).isEqualTo(2);
            assertThat(other.requests())
                    .hasSize(3)
                    .allSatisfy(r -> assertThat(r.headers()).doesNotContainKey("authorization"));
        }
    }
}
