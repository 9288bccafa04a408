package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.StoredBlock.Span;
import org.netloop.api.block.Verification;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;

class DeltaTest {
    private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
    private static final DeltaBase BASE =
            new DeltaBase(StoredBlock.object(DIGEST, "blocks/base", 10, "zstd"), 4096, DIGEST);
    private static final Delta.Run RUN = new Delta.Run(100, 50);

    private static StoredBlock range(long position, int length, Span span) {
        return new StoredBlock(
                DIGEST, Verification.STORED, "blocks/deltas", position, length, span, "zstd", null);
    }

    private static Delta delta(StoredBlock stored, Delta.Run run, int length, int bases) {
        return new Delta(stored, run, length, DIGEST, Collections.nCopies(bases, BASE));
    }

    @ParameterizedTest
    @CsvSource({"100,50", "100,1", "149,1", "120,30"})
    void aDeltaLiesInTheRunThatIsFetched(long position, int length) {
        Delta delta = delta(range(position, length, Span.RANGE), RUN, 4096, 1);
        assertThat(delta.stored().position()).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource({"99,1", "150,1", "100,51", "149,2"})
    void oneThatLiesOutsideOfItIsRefused(long position, int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> delta(range(position, length, Span.RANGE), RUN, 4096, 1))
                .withMessageContaining("outside of");
    }

    @Test
    void aRunBeginsInItsObject() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> delta(range(0, 1, Span.RANGE), new Delta.Run(-1, 50), 4096, 1));
        assertThat(delta(range(0, 1, Span.RANGE), new Delta.Run(0, 50), 1, 1).length()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"0,1", "4096,0", "4096,5"})
    void aBlockHasBytesAndRefersToAFew(int length, int bases) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> delta(range(100, 1, Span.RANGE), RUN, length, bases))
                .withMessage("a delta of " + length + " bytes refers to " + bases + " blocks");
    }

    @Test
    void aDeltaMayReferToAsManyBlocksAsAllowed() {
        assertThat(delta(range(100, 1, Span.RANGE), RUN, 1, Delta.MOST_BASES).bases())
                .hasSize(Delta.MOST_BASES);
    }

    @Test
    void aDigestCoversIt() {
        StoredBlock padded = range(100, 1, Span.RANGE_WITHIN);
        StoredBlock unverified =
                new StoredBlock(
                        DIGEST, Verification.NONE, "deltas", 100, 1, Span.RANGE, "zstd", null);
        for (StoredBlock stored : List.of(padded, unverified)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> delta(stored, RUN, 4096, 1))
                    .withMessageContaining("no digest covers");
        }
    }

    @Test
    void aBaseHasBytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DeltaBase(BASE.stored(), 0, DIGEST))
                .withMessageContaining("has 0 plain bytes");
    }
}
