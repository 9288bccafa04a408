package org.netloop.api.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.transport.FetchException;
import org.netloop.api.trust.Statement.Role;

import java.nio.ByteBuffer;
import java.time.Instant;

class StatementTest {
    private static final Instant SIGNED = Instant.parse("2026-11-30T04:30:00Z");
    private static final Instant EXPIRES = Instant.parse("2026-12-30T04:30:00Z");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final String POINTER =
            """
            netloop statement 1
            role: pointer
            repository: 0f3a-site
            path: channels/stable.json
            serial: 12
            signed: 2026-11-30T04:30:00Z
            expires: 2026-12-30T04:30:00Z
            length: 2
            digest: %s

            {}"""
                    .formatted(digest(bytes("{}")));

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static Digest digest(ByteBuffer bytes) {
        return Digest.of(DigestAlgorithm.SHA256, bytes);
    }

    private static Statement statement(
            Role role, @Nullable Instant expires, int chunk, long length, ByteBuffer content) {
        Digest digest = digest(role == Role.DOCUMENT ? bytes("document") : content);
        return new Statement(
                role,
                "0f3a-site",
                "channels/stable.json",
                12,
                SIGNED,
                expires,
                chunk,
                length,
                digest,
                content);
    }

    private static Statement parse(String text) throws FetchException {
        return Statement.parse("it", bytes(text));
    }

    private static void refused(String text, String why) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageStartingWith("it does not hold a statement: ")
                .hasMessageContaining(why);
    }

    @Test
    void aPointerIsWrittenAsSpecifiedAndReadBack() throws Exception {
        Statement pointer = statement(Role.POINTER, EXPIRES, 0, 2, bytes("{}"));
        assertThat(UTF_8.decode(pointer.write()).toString()).isEqualTo(POINTER);
        assertThat(parse(POINTER)).isEqualTo(pointer);
        assertThat(parse(POINTER).expires()).contains(EXPIRES);
    }

    @Test
    void aDocumentIsReadBackWithoutItsBytes() throws Exception {
        Statement document = statement(Role.DOCUMENT, null, 0, 8, NOTHING);
        ByteBuffer written = document.write();
        assertThat(Statement.parse("it", written)).isEqualTo(document);
        assertThat(written.position()).isZero();
        assertThat(document.expires()).isEmpty();
    }

    @Test
    void aFileIsReadBackWithTheDigestsOfItsChunks() throws Exception {
        ByteBuffer digests = ByteBuffer.allocate(3 * 32);
        Statement file = statement(Role.FILE, null, 64 << 10, (128 << 10) + 1, digests);
        Statement read = Statement.parse("it", file.write());
        assertThat(read).isEqualTo(file);
        assertThat(read.chunk()).isEqualTo(64 << 10);
        assertThat(read.content()).isEqualTo(digests);
    }

    @Test
    void aMessageIsReadFromWhereItBegins() throws Exception {
        ByteBuffer later = bytes("????" + POINTER).position(4);
        assertThat(Statement.parse("it", later)).isEqualTo(parse(POINTER));
        assertThat(later.position()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        "netloop statement 1, netloop statement 2, does not begin with 'netloop statement 1'",
        "role: pointer,       role: king,          the role 'king'",
        "repository: 0f3a,    site: 0f3a,          no line 'repository' in its place",
        "serial: 12,          serial: 0,           with serial 0",
        "length: 2,           length: 3,           is not that of its digest",
        "{},                  [],                  is not that of its digest",
        "length: 2,           'chunk: 65536\nlength: 2', no line 'length' in its place",
        "path: channels,      path: ..,            names no object"
    })
    void whatIsNotOneIsRefused(String good, String bad, String why) {
        String text = POINTER.replace(good, bad);
        assertThat(text).isNotEqualTo(POINTER);
        refused(text, why);
    }

    @Test
    void aLineMoreIsRefused() {
        refused(POINTER.replace("\n\n", "\nmore: 1\n\n"), "a line that is not known");
    }

    @Test
    void aLineThatIsMissingAtTheEndIsRefused() {
        refused(POINTER.replaceFirst("digest: .*", ""), "no line 'digest' in its place");
        refused(POINTER.replaceFirst("\ndigest: .*", ""), "no line 'digest' in its place");
    }

    @Test
    void aHeadWithoutAnEndIsRefused() {
        refused("netloop statement 1\n", "it has no empty line");
        refused("", "it has no empty line");
        refused("netloop statement 1\n" + "x".repeat(100_000) + "\n\n", "it has no empty line");
    }

    @Test
    void aDigestThatCanBeForgedIsNoProof() {
        Digest forged = Digest.of(DigestAlgorithm.MD5, bytes("{}"));
        refused(POINTER.replaceFirst("digest: .*", "digest: " + forged), "a digest of md5");
    }

    @Test
    void aDocumentThatBringsBytesIsRefused() {
        refused(POINTER.replace("pointer", "document"), "is not that of its digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "../x", "a\nb"})
    void anIdentityIsOneWord(String repository) {
        assertThat(Statement.isRepository(repository)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Statement(
                                        Role.DOCUMENT,
                                        repository,
                                        "x",
                                        1,
                                        SIGNED,
                                        null,
                                        0,
                                        0,
                                        digest(NOTHING),
                                        NOTHING))
                .withMessageContaining("is not the identity of a repository");
    }

    @Test
    void lengthAndContentHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> statement(Role.DOCUMENT, null, 0, -1, NOTHING))
                .withMessageContaining("length -1");
        ByteBuffer most = ByteBuffer.allocate(Statement.MAX_CONTENT);
        assertThat(statement(Role.DOCUMENT, null, 0, 0, most).content()).isEqualTo(most);
        ByteBuffer more = ByteBuffer.allocate(Statement.MAX_CONTENT + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> statement(Role.DOCUMENT, null, 0, 0, more))
                .withMessageContaining(more.remaining() + " bytes of content");
    }

    @Test
    void nobodyChangesItsContent() {
        Statement pointer = statement(Role.POINTER, EXPIRES, 0, 2, bytes("{}"));
        pointer.content().get();
        assertThat(pointer.content().remaining()).isEqualTo(2);
        assertThat(pointer.content().isReadOnly()).isTrue();
    }
}
