package org.netloop.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

class TargetTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }

    @Test
    void whatIsLateIsNotMixedIntoTheAnswerThatIsAskedForInstead() {
        ByteBuffer into = ByteBuffer.allocate(100);
        Target first = new Target(into);
        assertThat(first.accept(bytes("old "))).isTrue();
        Target second = first.renewed();
        assertThat(first.accept(bytes("late"))).isFalse();
        assertThat(second.accept(bytes("new"))).isTrue();
        assertThat(US_ASCII.decode(into.flip()).toString()).isEqualTo("new");
    }
}
