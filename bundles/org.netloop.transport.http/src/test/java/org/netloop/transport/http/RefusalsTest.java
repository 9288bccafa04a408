package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.tck.Fault;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Answers that are no object: statuses, redirects, broken heads. */
class RefusalsTest extends MirrorTest {
    private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";

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
        "202, Corrupt",
        "203, Corrupt",
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
    @ValueSource(
            strings = {
                "<!DOCTYPE html><title>Welcome to the hotel</title>",
                "\n<!-- portal --><HTML lang=en>",
                "<head><meta http-equiv=refresh content='0; /login'>"
            })
    void aPageForBrowsersIsNoAnswerOfTheMirror(String page) {
        mirror.answer("block", 200, ascii(page), "Content-Type: text/html; charset=utf-8");
        for (int room : new int[] {10, 4096}) {
            assertThatThrownBy(() -> fetch(uri("block"), room))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContainingAll(uri("block").toString(), "HTML page", "login");
        }
    }

    @Test
    void anObjectMayBeCalledAPage() throws Exception {
        byte[] object = HttpTransportTest.bytes(1000);
        mirror.answer("block", 200, object, "Content-Type: text/html");
        assertThat(fetch(uri("block"), 1000)).isEqualTo(ByteBuffer.wrap(object));
        assertThatThrownBy(() -> fetch(uri("block"), 999)).isInstanceOf(Corrupt.class);
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
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining(uri("block") + ": the answer's head is too long");
    }

    @Test
    void headersWithoutEndTakeNoMemory() {
        String[] headers = new String[5000];
        Arrays.setAll(headers, i -> "X-" + i + ": y");
        mirror.answer("block", 200, NOTHING, headers);
        assertThatThrownBy(() -> fetch(uri("block"), 10))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("the answer's head is too long");
    }

    @Test
    void aLongPolicyIsNoObstacle() throws Exception {
        mirror.answer("block", 200, new byte[10], "Content-Security-Policy: " + "x".repeat(60_000));
        assertThat(fetch(uri("block"), 10).remaining()).isEqualTo(10);
    }

    @Test
    void interimAnswersAreReadForAWhileOnly() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain";
        mirror.raw("block", ascii(INTERIM.repeat(32) + answer));
        assertThat(fetch(uri("block"), 5)).isEqualTo(ByteBuffer.wrap(ascii("plain")));
        mirror.raw("block", ascii(INTERIM.repeat(33) + answer));
        assertThatThrownBy(() -> fetch(uri("block"), 5))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("more than 32 interim answers");
    }

    @Test
    void extensionsOfChunksAndTrailersAreBounded() {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5";
        mirror.raw("extension", ascii(head + ";" + "e".repeat(1 << 20)));
        assertThatThrownBy(() -> fetch(uri("extension"), 10)).isInstanceOf(FetchException.class);
        mirror.raw("trailer", ascii(head + "\r\nhello\r\n0\r\n" + "T: x\r\n".repeat(10_000)));
        assertThatThrownBy(() -> fetch(uri("trailer"), 10)).isInstanceOf(FetchException.class);
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
}
