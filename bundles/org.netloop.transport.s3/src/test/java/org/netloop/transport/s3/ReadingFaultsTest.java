package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.FetchException.Corrupt;
import org.netloop.api.transport.FetchException.Denied;
import org.netloop.api.transport.FetchException.Missing;
import org.netloop.api.transport.FetchException.Unavailable;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/** Tests reads from a server that misbehaves. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class ReadingFaultsTest {
    private static final Duration SHORT = Duration.ofMillis(1500);

    /** Longer than anything takes that ends before its time is up. */
    private static final Duration LONG = Duration.ofSeconds(50);

    private static final URI BLOCK = URI.create("s3://images/block");

    private FakeMirror mirror;
    private S3Transport transport;

    @BeforeEach
    void start() throws Exception {
        mirror = new FakeMirror();
        mirror.put("images/block", bytes(5000));
        transport = Keys.transport(Keys.RIGHT, mirror.base().toString());
        fetch(5000); // its classes are loaded, so that times are those of the network
    }

    @AfterEach
    void stop() throws Exception {
        transport.stop();
        mirror.close();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private ByteBuffer fetch(int room) throws Exception {
        return fetch(0, FetchRequest.TO_END, room, LONG);
    }

    private ByteBuffer fetch(long offset, long length, int room, Duration timeout)
            throws Exception {
        ByteBuffer into = ByteBuffer.allocateDirect(room);
        transport.fetch(
                new FetchRequest(BLOCK, offset, length, timeout, FetchPurpose.DEMAND), into);
        return into.flip();
    }

    private void assertFailure(Fault fault, Class<? extends FetchException> type, String message) {
        assertFailure(fault, LONG, type, message);
    }

    private void assertFailure(
            Fault fault, Duration timeout, Class<? extends FetchException> type, String message) {
        mirror.fault("images/block", fault);
        long began = System.nanoTime();
        assertThatThrownBy(() -> fetch(0, FetchRequest.TO_END, 5000, timeout))
                .isInstanceOf(type)
                .hasMessageContaining(BLOCK.toString())
                .hasMessageContaining(message);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SHORT.plusSeconds(30));
    }

    private void answer(int status, String code, String... headers) {
        String body =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
                        + code
                        + "</Code><Message>"
                        + Keys.SECRETS[0]
                        + "</Message></Error>";
        mirror.answer("images/block", status, body.getBytes(US_ASCII), headers);
    }

    @Test
    void faultsOfTheServerHaveTheirTypes() {
        assertFailure(Fault.NOT_FOUND, Missing.class, "404");
        assertFailure(Fault.FORBIDDEN, Denied.class, "403");
        assertFailure(Fault.SERVER_ERROR, Unavailable.class, "500");
        assertFailure(Fault.CLOSED, Unavailable.class, "closed");
    }

    @Test
    void aBodyThatEndsTooEarlyIsNoObject() {
        assertFailure(Fault.TRUNCATED, Unavailable.class, "broke after 2500 of 5000 bytes");
        assertFailure(Fault.CUT_CHUNK, Unavailable.class, "broke after");
    }

    @Test
    void anEndlessBodyTakesNoMemory() {
        assertFailure(Fault.ENDLESS, Corrupt.class, "where at most 5000 belong");
    }

    @Test
    void silenceAndTricklesEndInTime() {
        assertFailure(Fault.SILENT, SHORT, Unavailable.class, "0 bytes came within 1500 ms");
        assertFailure(Fault.TRICKLE, SHORT, Unavailable.class, "within 1500 ms");
    }

    @Test
    void anAnnouncedLengthBeyondTheRoomIsNotRead() {
        assertThatThrownBy(() -> fetch(4999))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("5000 bytes or more where at most 4999");
    }

    @Test
    void anotherRangeThanTheOneAskedForIsRefused() {
        for (Fault fault : new Fault[] {Fault.WRONG_RANGE, Fault.RANGE_IGNORED}) {
            mirror.fault("images/block", fault);
            assertThatThrownBy(() -> fetch(1000, 10, 10, LONG))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("bytes=1000-1009");
        }
    }

    @Test
    void aRangeBeyondTheEndIsCorrupt() {
        assertThatThrownBy(() -> fetch(5000, 10, 10, LONG))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("416")
                .hasMessageContaining("shorter than");
    }

    @ParameterizedTest
    @CsvSource({
        "503, SlowDown, Unavailable, SlowDown",
        "429, TooManyRequests, Unavailable, 429",
        "500, InternalError, Unavailable, InternalError",
        "400, RequestTimeout, Unavailable, RequestTimeout",
        "403, InvalidAccessKeyId, Denied, access key is not known",
        "403, SignatureDoesNotMatch, Denied, secret key is wrong",
        "403, AccessDenied, Denied, do not allow it",
        "403, InvalidObjectState, Missing, archived",
        "400, ExpiredToken, Unavailable, token has expired",
        "404, NoSuchKey, Missing, 404",
        "404, NoSuchBucket, Missing, there is no bucket images",
        "301, PermanentRedirect, Denied, another region",
        "400, AuthorizationHeaderMalformed, Denied, another region",
        "418, Teapot, Missing, 418",
    })
    void eachErrorOfS3HasItsType(int status, String code, String type, String message) {
        answer(status, code, "Retry-After: 9");
        FetchException failure = catchThrowableOfType(FetchException.class, () -> fetch(5000));
        assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
        assertThat(failure).hasMessageContaining(message).hasMessageContaining("s3://images/block");
        assertThat(mirror.requests()).as("asked once, after the first fetch").hasSize(2);
        if (status == 503 || status == 429) {
            assertThat(((Unavailable) failure).retryAfter()).isEqualTo(Duration.ofSeconds(9));
        }
    }

    @Test
    void aClockThatIsWrongIsSetByTheServersAnswerAndElseToldOf() {
        Instant there = Instant.now().plus(Duration.ofHours(5));
        answer(
                403,
                "RequestTimeTooSkewed",
                "Date: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                there.atOffset(ZoneOffset.UTC)));
        assertThatThrownBy(() -> fetch(5000))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("RequestTimeTooSkewed")
                .hasMessageContaining("clock");
        assertThat(mirror.requests()).hasSize(3);
        Instant said =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX")
                        .parse(
                                mirror.requests().getLast().headers().get("x-amz-date"),
                                Instant::from);
        assertThat(Duration.between(said, there).abs()).isLessThan(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void afterAnyFaultTheNextFetchIsWell(Fault fault) throws Exception {
        mirror.fault("images/block", fault);
        try {
            fetch(0, FetchRequest.TO_END, 5000, SHORT);
        } catch (FetchException _) {
            // It was asked for.
        }
        mirror.clearFaults();
        assertThat(fetch(5000)).isEqualTo(ByteBuffer.wrap(bytes(5000)));
    }

    @Test
    void aKeptConnectionThatWasClosedIsNoFault() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(fetch(5000)).isEqualTo(ByteBuffer.wrap(bytes(5000)));
            mirror.dropConnections();
        }
    }

    @Test
    void connectionsAreKept() throws Exception {
        for (int i = 0; i < 20; i++) {
            fetch(5000);
        }
        assertThat(mirror.connections()).isLessThan(6);
    }

    @Test
    void aDeadHostIsUnavailable() throws Exception {
        mirror.close();
        assertThatThrownBy(() -> fetch(5000))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(mirror.base().toString());
    }

    @Test
    void aNameThatNobodyHasIsUnavailable() {
        S3Transport lost = Keys.transport(Keys.RIGHT, "http://bucket.invalid");
        try {
            assertThatThrownBy(
                            () ->
                                    lost.fetch(
                                            FetchRequest.whole(BLOCK, LONG, FetchPurpose.DEMAND),
                                            ByteBuffer.allocate(10)))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("http://bucket.invalid");
        } finally {
            lost.stop();
        }
    }
}
