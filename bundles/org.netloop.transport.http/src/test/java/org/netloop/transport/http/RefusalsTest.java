package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Answers that are no object: statuses, redirects, broken heads. */
class RefusalsTest extends MirrorTest {

    @ParameterizedTest
    @CsvSource({
        "401, Denied",
        "403, Denied",
        "407, Denied",
        "451, Denied",
        "404, Missing",
        "410, Missing",
        "400, Missing",
        "405, Missing",
        "418, Missing",
        "416, Corrupt",
        "408, Unavailable",
        "425, Unavailable",
        "429, Unavailable",
        "500, Unavailable",
        "502, Unavailable",
        "503, Unavailable",
        "504, Unavailable",
        "511, Unavailable",
        "599, Unavailable",
        "300, Missing",
        "304, Missing",
    })
    void aStatusHasItsType(int status, String type) {
        mirror.answer("block", status, NOTHING);
        assertThatThrownBy(() -> fetch(uri("block"), 10))
                .hasMessageContaining(uri("block") + " answers " + status)
                .extracting(e -> e.getClass().getSimpleName())
                .isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "' 120 ', 120", "0, 0", "999999, 3600", "soon, -1", "-5, -1"})
    void whenToComeBackIsUnderstood(String said, long seconds) {
        assertThat(retryAfter(said)).isEqualTo(seconds < 0 ? null : Duration.ofSeconds(seconds));
    }

    @Test
    void whenToComeBackMayBeADate() {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        assertThat(retryAfter(DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plusSeconds(100))))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(100));
        assertThat(retryAfter(DateTimeFormatter.RFC_1123_DATE_TIME.format(now.minusYears(1))))
                .isEqualTo(Duration.ZERO);
    }

    private @Nullable Duration retryAfter(String said) {
        mirror.answer("block", 503, NOTHING, "Retry-After: " + said);
        Unavailable e = catchThrowableOfType(Unavailable.class, () -> fetch(uri("block"), 10));
        return e.retryAfter();
    }

    @Test
    void aLongPageAboutAMissingObjectDoesNotHideThatItIsMissing() {
        mirror.answer("block", 404, new byte[1_000_000]);
        assertThatThrownBy(() -> fetch(uri("block"), 10)).isInstanceOf(Missing.class);
    }

    @Test
    void aHeaderThatNeverEndsTakesNoMemory() {
        mirror.fault(Fault.ENDLESS_HEAD);
        assertThatThrownBy(() -> fetch(uri("block"), 10))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(uri("block").toString())
                .hasMessageNotContaining("time was up");
    }

    @Test
    void headersWithoutEndTakeNoMemory() {
        String[] headers = new String[5000];
        Arrays.setAll(headers, i -> "X-" + i + ": y");
        mirror.answer("block", 200, NOTHING, headers);
        assertThatThrownBy(() -> fetch(uri("block"), 10))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("header");
    }

    @Test
    void whatIsNotHttpIsUnavailable() {
        mirror.fault(Fault.GIBBERISH);
        assertThatThrownBy(() -> fetch(uri("block"), 10)).isInstanceOf(Unavailable.class);
    }

    @Test
    void aCutChunkIsNoObject() {
        mirror.fault(Fault.CUT_CHUNK);
        assertThatThrownBy(() -> fetch(uri("block"), 5000)).isInstanceOf(Unavailable.class);
    }

    @Test
    void codedBytesAreNotRead() {
        mirror.answer("block", 200, new byte[10], "Content-Encoding: br");
        assertThatThrownBy(() -> fetch(uri("block"), 10))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("br");
        mirror.answer("block", 200, new byte[10], "Content-Encoding: identity");
        assertThat(catchThrowableOfType(FetchException.class, () -> fetch(uri("block"), 10)))
                .isNull();
    }

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
}
