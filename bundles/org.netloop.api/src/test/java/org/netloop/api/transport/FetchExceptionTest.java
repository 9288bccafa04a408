package org.netloop.api.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

class FetchExceptionTest {
    private static final IOException CAUSE = new IOException("cause");

    private static List<FetchException> failures() {
        return List.of(
                new FetchException.Missing("first", CAUSE),
                new FetchException.Corrupt("first", CAUSE),
                new FetchException.Unavailable("first", CAUSE),
                new FetchException.Denied("first", CAUSE),
                new FetchException.Unsupported("first", CAUSE),
                new FetchException.Untrusted("first", CAUSE));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void inOtherWordsItStaysTheSameFailure(FetchException failure) {
        FetchException again = failure.withMessage("second");
        assertThat(again).hasSameClassAs(failure).hasMessage("second").hasCause(failure);
        assertThat(failure).hasMessage("first").hasCause(CAUSE);
    }

    @Test
    void inOtherWordsTheMirrorStillRestsAsLongAsItAsked() {
        FetchException.Unavailable busy =
                new FetchException.Unavailable("busy", null, Duration.ofSeconds(7));
        assertThat(busy.withMessage("second").retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(new FetchException.Unavailable("busy", CAUSE).retryAfter()).isNull();
    }

    @Test
    void messagesHoldNoSecrets() {
        assertThat(new FetchException.Denied("GET http://me:secret@host/x refused").getMessage())
                .doesNotContain("secret")
                .contains("host/x refused");
    }
}
