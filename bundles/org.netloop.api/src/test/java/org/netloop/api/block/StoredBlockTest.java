package org.netloop.api.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.StoredBlock.Span;

import java.nio.ByteBuffer;
import java.util.List;

class StoredBlockTest {
    private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));

    private static StoredBlock block(Verification verification, Span span, String codec) {
        return new StoredBlock(
                DIGEST,
                verification,
                "blocks/a",
                0,
                100,
                span,
                codec,
                verification == Verification.PLAIN ? DIGEST : null);
    }

    private static Digest name(StoredBlock block) {
        return block.named("test").digest();
    }

    @ParameterizedTest
    @CsvSource({
        "OBJECT,        true,  false, false",
        "OBJECT_WITHIN, true,  true,  false",
        "RANGE,         false, false, false",
        "RANGE_WITHIN,  false, true,  true"
    })
    void theSpanTellsWhatTheLengthIs(Span span, boolean whole, boolean bound, boolean padded) {
        StoredBlock block = block(Verification.STORED, span, "zstd");
        assertThat(block.whole()).isEqualTo(whole);
        assertThat(block.lengthIsBound()).isEqualTo(bound);
        assertThat(block.hasPadding()).isEqualTo(padded);
    }

    @Test
    void anObjectIsNamedByItsDigest() {
        StoredBlock object = StoredBlock.object(DIGEST, "blocks/a", 100, "zstd");
        assertThat(object).isEqualTo(block(Verification.STORED, Span.OBJECT, "zstd"));
        assertThat(object.key()).isEqualTo(DIGEST);
        assertThat(object.plain()).isEmpty();
    }

    @Test
    void aChunkIsNamedByDigestAndLengthOfItsPlainBytes() {
        StoredBlock chunk = StoredBlock.chunk(DIGEST, 64, "a.cacnk", 100, StoredBlock.RECOGNISED);
        assertThat(chunk.span()).isEqualTo(Span.OBJECT_WITHIN);
        assertThat(chunk.plain()).contains(DIGEST);
        assertThat(chunk.key()).isNotEqualTo(DIGEST);
        assertThat(StoredBlock.chunk(DIGEST, 65, "a.cacnk", 100, "any").key())
                .isNotEqualTo(chunk.key());
    }

    @Test
    void aNameDependsOnAllThatDecodingDependsOn() {
        List<StoredBlock> blocks =
                List.of(
                        block(Verification.STORED, Span.RANGE, "zstd"),
                        block(Verification.STORED, Span.RANGE, "zlib"),
                        block(Verification.STORED, Span.RANGE_WITHIN, "zstd"),
                        block(Verification.PLAIN, Span.RANGE, "zstd"),
                        block(Verification.PLAIN, Span.RANGE_WITHIN, "zstd"),
                        block(Verification.NONE, Span.RANGE, "zstd"),
                        block(Verification.NONE, Span.RANGE_WITHIN, "zstd"));
        assertThat(blocks.stream().map(StoredBlockTest::name)).doesNotHaveDuplicates();
    }

    /** Caches on disk have these names: they outlive this version. */
    @Test
    void aWholeObjectHasTheSameNameWhetherItsLengthIsKnownOrNot() {
        assertThat(name(block(Verification.PLAIN, Span.OBJECT, "any")))
                .isEqualTo(name(block(Verification.PLAIN, Span.OBJECT_WITHIN, "any")));
        assertThat(name(block(Verification.STORED, Span.OBJECT, "zstd")))
                .isEqualTo(
                        DerivedName.of("test").with(DIGEST).with("STORED").with("zstd").digest());
    }

    @Test
    void lengthAndPlaceAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoredBlock.object(DIGEST, "a", 0, "zstd"))
                .withMessageContaining("length of 0");
        for (Span span : List.of(Span.OBJECT, Span.OBJECT_WITHIN)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    new StoredBlock(
                                            DIGEST,
                                            Verification.STORED,
                                            "a",
                                            1,
                                            9,
                                            span,
                                            "zstd",
                                            null))
                    .withMessageContaining("begins at 1");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new StoredBlock(
                                        DIGEST,
                                        Verification.NONE,
                                        "",
                                        -1,
                                        9,
                                        Span.RANGE,
                                        "zstd",
                                        null));
    }

    @Test
    void theDigestOfPlainBytesGoesWithTheirVerification() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new StoredBlock(
                                        DIGEST,
                                        Verification.PLAIN,
                                        "a",
                                        0,
                                        9,
                                        Span.OBJECT,
                                        "any",
                                        null))
                .withMessageContaining("PLAIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://host/a", "/etc/passwd", "a/../b", "a?b", "a\\b"})
    void aPathThatLeavesTheRepositoryIsRefused(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StoredBlock.object(DIGEST, path, 9, "zstd"));
    }
}
