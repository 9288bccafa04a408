package org.netloop.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void textWithoutControlCharactersStaysTheSameObject() {
        String text = "größe – 画像 \ud83d\ude00.img";

        assertThat(Printable.line(text)).isSameAs(text);
        assertThat(Printable.lines(text)).isSameAs(text);
    }

    @Test
    void aLineCannotBeForgedNorATerminalDriven() {
        assertThat(Printable.line("a\n2026 ERROR forged\r\u001b]0;owned\u0007\u009b2J\u007f"))
                .isEqualTo("a\\n2026 ERROR forged\\r\\x1b]0;owned\\x07\\x9b2J\\x7f");
    }

    @Test
    void theDirectionOfWritingCannotBeTurned() {
        assertThat(Printable.line("gpj.\u202eexe\u2028\u2066"))
                .isEqualTo("gpj.\\u202eexe\\u2028\\u2066");
    }

    @Test
    void halfACharacterIsEscaped() {
        assertThat(Printable.line("a\ud83db")).isEqualTo("a\\ud83db");
        assertThat(Printable.line("\ude00")).isEqualTo("\\ude00");
    }

    @Test
    void severalLinesStaySeveralLines() {
        assertThat(Printable.lines("a\tb\nc\u001b")).isEqualTo("a\tb\nc\\x1b");
    }
}
