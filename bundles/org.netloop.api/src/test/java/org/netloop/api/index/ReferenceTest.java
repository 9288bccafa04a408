package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;

import java.net.URI;
import java.nio.file.Path;

class ReferenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"joe:s3cret@host", "HTTP:joe:s3cret@host", "a0:s3cret.img"})
    void whatHasASchemeAndNoPathIsRefusedWithoutBeingShown(String text) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a URI with a path")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aPathIsAnAbsoluteFileUri() {
        assertThat(Reference.uri("./a0:b.img"))
                .isEqualTo(Path.of("a0:b.img").toAbsolutePath().toUri());
        assertThat(Reference.uri("HTTP://host/x")).isEqualTo(URI.create("http://host/x"));
    }

    private static final String HEX = "0123456789abcdef".repeat(4);

    @Test
    void aReferenceHasARepositoryAChannelAndADigest() {
        Reference plain = Reference.parse("http://host/repo");
        assertThat(plain.repository()).isEqualTo(URI.create("http://host/repo"));
        assertThat(plain.channel()).isEmpty();
        assertThat(plain.digest()).isEmpty();
        Reference channel = Reference.parse("http://host/repo#testing");
        assertThat(channel.channel()).contains("testing");
        Reference image = Reference.parse("http://host/repo@" + HEX);
        assertThat(image.digest()).contains(Digest.parse("sha256:" + HEX));
        Reference all = Reference.parse("http://host/repo#testing@sha256:" + HEX);
        assertThat(all.channel()).contains("testing");
        assertThat(all.digest()).isEqualTo(image.digest());
        assertThat(all.repository()).isEqualTo(plain.repository());
    }

    @Test
    void whatIsShownIsParsedAgain() {
        String text = "http://host/repo#testing@sha256:" + HEX;
        assertThat(Reference.parse(text)).hasToString(text);
        assertThat(Reference.parse(Reference.parse("a b/c").toString()))
                .isEqualTo(Reference.parse("a b/c"));
    }

    @Test
    void secretsAreNotShown() {
        assertThat(Reference.parse("http://joe:s3cret@host/repo#x").toString())
                .doesNotContain("s3cret")
                .endsWith("#x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#stable", "repo#", "repo#a/b", "repo#-a", "http://ho st/repo"})
    void whatIsNoReferenceIsRefused(String text) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEmptyTextIsNotTheWorkingDirectory() {
        for (String empty : new String[] {"", " "}) {
            assertThatThrownBy(() -> Reference.uri(empty))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is empty");
        }
    }

    @Test
    void aUriWithALineBreakIsNotAPath() {
        assertThatThrownBy(() -> Reference.uri("http://host/a\nb"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a URI");
    }

    @Test
    void aDigestOfAnUnknownAlgorithmOrLengthIsRefused() {
        assertThatThrownBy(() -> Reference.parse("repo@crc32:" + HEX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("crc32");
        assertThatThrownBy(() -> Reference.parse("repo@" + HEX + HEX))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sha256");
    }
}
