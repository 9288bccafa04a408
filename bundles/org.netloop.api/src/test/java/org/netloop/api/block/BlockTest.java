package org.netloop.api.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;

class BlockTest {
    private static final StoredBlock STORED =
            StoredBlock.object(
                    Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1)), "a", 10, "zstd");

    @Test
    void aBlockEndsWhereTheNextOneBegins() {
        Block block = new Block(4096, 100, STORED);
        assertThat(block.offset()).isEqualTo(4096);
        assertThat(block.length()).isEqualTo(100);
        assertThat(block.end()).isEqualTo(4196);
        assertThat(block.stored()).contains(STORED);
        assertThat(block.storedOrNull()).isSameAs(STORED);
        assertThat(block.isHole()).isFalse();
        assertThat(new Extent(4096, 100, true).end()).isEqualTo(4196);
    }

    @Test
    void aHoleIsStoredNowhereAndHasNoIdentity() {
        Block hole = new Block(7, 1, null);
        assertThat(hole.isHole()).isTrue();
        assertThat(hole.stored()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(hole::identity)
                .withMessageContaining("block at 7 is a hole");
    }

    @Test
    void blocksAreEqualIfOffsetLengthAndStoredFormAre() {
        Block block = new Block(0, 100, STORED);
        assertThat(block).isEqualTo(new Block(0, 100, STORED));
        assertThat(block).hasSameHashCodeAs(new Block(0, 100, STORED));
        assertThat(block).isNotEqualTo(new Block(1, 100, STORED));
        assertThat(block).isNotEqualTo(new Block(0, 101, STORED));
        assertThat(block).isNotEqualTo(new Block(0, 100, null));
        assertThat(block).isNotEqualTo(STORED);
        assertThat(block).hasToString("Block[offset=0, length=100, stored=" + STORED + "]");
    }

    @Test
    void equalPlainBytesHaveOneIdentityWhereverTheyLie() {
        Block block = new Block(0, 100, STORED);
        assertThat(block.identity()).isEqualTo(new Block(500, 100, STORED).identity());
        assertThat(block.identity()).isSameAs(block.identity());
        assertThat(block.identity()).isNotEqualTo(new Block(0, 99, STORED).identity());
        StoredBlock other = StoredBlock.object(STORED.key(), "a", 10, "zlib");
        assertThat(block.identity()).isNotEqualTo(new Block(0, 100, other).identity());
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "0,0", "0,-5", "9223372036854775807,1"})
    void rangesThatAreNoneAreRefused(long offset, int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Block(offset, length, null))
                .withMessage("block at " + offset + " has a length of " + length);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Extent(offset, length, true))
                .withMessage("extent at " + offset + " has a length of " + length);
    }

    @Test
    void aBlockMayEndWithTheLastByteThereIs() {
        assertThat(new Block(Long.MAX_VALUE - 1, 1, null).end()).isEqualTo(Long.MAX_VALUE);
        assertThat(new Extent(0, Long.MAX_VALUE, false).end()).isEqualTo(Long.MAX_VALUE);
    }
}
