package org.netloop.transport.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.transport.FetchPurpose;
import org.netloop.api.transport.FetchRequest;
import org.netloop.api.transport.Repository;
import org.netloop.tck.FakeMirror;
import org.netloop.tck.Fault;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/** Tests that no report of a failure contains a key, a token or a signature. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class SecretsTest {
    private static final Duration SHORT = Duration.ofMillis(1500);

    private FakeMirror mirror;

    @BeforeEach
    void start() throws IOException {
        mirror = new FakeMirror();
    }

    @AfterEach
    void stop() throws IOException {
        mirror.close();
    }

    /** Returns the full text of failures of reading and publishing. */
    private String failures() throws IOException {
        S3Transport transport =
                Keys.transport(
                        Map.of(
                                "profile",
                                Keys.UNKNOWN,
                                "endpoint",
                                mirror.base().toString(),
                                "publishing_attempts",
                                1,
                                "publishing_timeout_ms",
                                1500));
        StringWriter told = new StringWriter();
        try (PrintWriter out = new PrintWriter(told);
                Repository repository = transport.open(URI.create("s3://images/"))) {
            print(
                    out,
                    () ->
                            transport.fetch(
                                    FetchRequest.whole(
                                            URI.create("s3://images/block"),
                                            SHORT,
                                            FetchPurpose.DEMAND),
                                    ByteBuffer.allocate(100)));
            print(out, () -> repository.read("block", 100));
            print(out, () -> repository.length("block"));
            print(out, () -> repository.list("").close());
        } finally {
            transport.stop();
        }
        return told.toString();
    }

    private static void print(PrintWriter out, ThrowingRunnable attempt) {
        Throwable failure = catchThrowable(attempt::run);
        if (failure != null) {
            failure.printStackTrace(out);
        }
    }

    /** Operation that throws. */
    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    private void assertTellsNone(String told) {
        assertThat(mirror.requests())
                .anyMatch(
                        request ->
                                String.valueOf(request.headers().get("authorization"))
                                        .contains("AKIAOFNOBODY"));
        assertThat(told)
                .contains("s3://images/block")
                .doesNotContain("Signature=", "AKIAOFNOBODY")
                .doesNotContain(Keys.SECRETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FORBIDDEN", "SERVER_ERROR", "CLOSED", "SILENT", "GIBBERISH"})
    void aFaultTellsNone(Fault fault) throws IOException {
        mirror.fault(fault);
        assertTellsNone(failures());
    }

    /** Sends the answer that S3 gives to a wrong signature. */
    @Test
    void whatTheServerRepeatsIsNotRepeated() throws IOException {
        String body =
                "<Error><Code>SignatureDoesNotMatch</Code><Message>"
                        + String.join(" ", Keys.SECRETS)
                        + "</Message><AWSAccessKeyId>AKIAOFNOBODY</AWSAccessKeyId>"
                        + "<StringToSign>AKIAOFNOBODY Signature=a</StringToSign></Error>";
        mirror.answer("images/block", 403, body.getBytes(US_ASCII));
        assertTellsNone(failures());
    }
}
