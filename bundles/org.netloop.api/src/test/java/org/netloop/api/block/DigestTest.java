package org.netloop.api.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.List;

class DigestTest {
    private static final String ABC =
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private final ByteBuffer text = ByteBuffer.wrap("abc".getBytes(US_ASCII));

    /** The first bytes of what FIPS 180-4 and RFC 1321 give for "abc". */
    @ParameterizedTest
    @CsvSource({
        "SHA256, ba7816bf",
        "SHA512, ddaf35a1",
        "SHA512_256, 53048e26",
        "SHA1, a9993e36",
        "MD5, 90015098"
    })
    void theDigestIsThatOfTheAlgorithm(DigestAlgorithm algorithm, String begin) {
        assertThat(Digest.of(algorithm, text).hex()).startsWith(begin);
        assertThat(text.remaining()).isEqualTo(3);
    }

    @Test
    void whatIsWrittenIsParsed() {
        Digest digest = Digest.of(DigestAlgorithm.SHA256, text);
        assertThat(digest).hasToString(ABC);
        assertThat(Digest.parse(ABC)).isEqualTo(digest).hasSameHashCodeAs(digest);
        assertThat(digest.brief()).isEqualTo("sha256:ba7816bf8f01…");
    }

    @ParameterizedTest
    @EnumSource
    void aBufferHoldsAValueAmongOthers(DigestAlgorithm algorithm) {
        Digest digest = Digest.of(algorithm, text);
        ByteBuffer buffer = ByteBuffer.allocate(100).putInt(7);
        digest.write(buffer);
        buffer.putInt(9).flip();
        assertThat(buffer.getInt()).isEqualTo(7);
        assertThat(Digest.read(algorithm, buffer)).isEqualTo(digest);
        assertThat(buffer.getInt()).isEqualTo(9);
    }

    @Test
    void itMatchesItsBytesAndNoOthers() {
        Digest digest = Digest.parse(ABC);
        assertThat(digest.matches(text)).isTrue();
        assertThat(digest.matches(text.slice(0, 2))).isFalse();
        assertThat(text.remaining()).isEqualTo(3);
    }

    @Test
    void itsValueCannotBeChangedFromOutside() {
        byte[] value = new byte[16];
        Digest digest = new Digest(DigestAlgorithm.MD5, value);
        value[0] = 1;
        digest.bytes()[0] = 1;
        assertThat(digest.hex()).isEqualTo("00".repeat(16));
    }

    @Test
    void digestsOfDifferentAlgorithmsDiffer() {
        Digest strong = new Digest(DigestAlgorithm.SHA256, new byte[32]);
        Digest other = new Digest(DigestAlgorithm.SHA512_256, new byte[32]);
        assertThat(strong).isNotEqualTo(other);
        assertThat(strong.compareTo(other)).isNotZero();
    }

    @Test
    void theyAreOrderedAsTheirHexDigitsAre() {
        Digest low = Digest.ofHex(DigestAlgorithm.MD5, "7f" + "00".repeat(15));
        Digest high = Digest.ofHex(DigestAlgorithm.MD5, "80" + "00".repeat(15));
        assertThat(List.of(high, low).stream().sorted()).containsExactly(low, high);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "sha256:", "sha256:AB", "sha256:abc", "crc32:00000000"})
    void whatIsNoDigestIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Digest.parse(text));
    }

    @Test
    void digitsOfUpperCaseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Digest.parse(ABC.replace("ba78", "BA78")))
                .withMessageContaining("lower-case");
    }

    @Test
    void aValueOfAnotherLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Digest(DigestAlgorithm.SHA256, new byte[31]))
                .withMessageContaining("32 bytes, not 31");
    }
}
