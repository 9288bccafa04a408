package org.netloop.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;

/** Tests of tokens, and of how often a wrong one may be shown. */
class TokenTest {
    private static final String RIGHT = "0123456789abcdef";

    @TempDir private Path directory;

    private Path file(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void theFileIsReadEachTime() throws IOException {
        Token token = new Token(file(RIGHT + "\n", "rw-------"));
        assertThat(token.is(RIGHT)).isTrue();
        assertThat(token.is(RIGHT + "0")).isFalse();
        assertThat(token.is("")).isFalse();
        file("fedcba9876543210", "rw-------");
        assertThat(token.is(RIGHT)).isFalse();
        assertThat(token.is("fedcba9876543210")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short"})
    void aTokenThatCanBeGuessedOpensNothing(String text) throws IOException {
        assertThat(new Token(file(text, "rw-------")).is(text)).isFalse();
    }

    @Test
    void aFileThatOthersReadOpensNothing() throws IOException {
        assertThat(new Token(file(RIGHT, "rw-r-----")).is(RIGHT)).isFalse();
        assertThat(new Token(directory.resolve("absent")).is("")).isFalse();
        assertThat(new Token(null).is("")).isFalse();
    }

    @Test
    void afterSomeWrongTokensAClientWaits() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        Tries tries = new Tries(now::get);
        InetAddress one = InetAddress.ofLiteral("192.0.2.1");
        for (int i = 0; i < Tries.FREE; i++) {
            assertThat(tries.secondsLeft(one)).isZero();
            tries.wrong(one);
        }
        assertThat(tries.secondsLeft(one)).isEqualTo(Tries.PAUSE.toSeconds() + 1);
        assertThat(tries.secondsLeft(InetAddress.ofLiteral("192.0.2.2"))).isZero();
        now.addAndGet(Tries.PAUSE.toNanos());
        assertThat(tries.secondsLeft(one)).isZero();
        tries.wrong(one);
        assertThat(tries.secondsLeft(one)).isPositive();
        tries.right(one);
        assertThat(tries.secondsLeft(one)).isZero();
    }
}
