package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;

import java.nio.ByteBuffer;
import java.util.Map;

class BlockOrderTest {
    private static final int BLOCK = 4096;
    private static final int LARGEST = 3 * BLOCK;
    private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));

    private final BlockOrder order =
            new BlockOrder(
                    new Writer(),
                    new ImageSpec(BLOCK, "zstd", DigestAlgorithm.SHA256, null, Map.of()),
                    LARGEST);

    private static final class Writer implements IndexWriter {
        @Override
        public StoredBlock locate(Digest digest, int length, String codec) {
            return StoredBlock.object(digest, "blocks/" + digest.hex(), length, codec);
        }

        @Override
        public void append(Block block) {}

        @Override
        public ImageInfo finish(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static Block block(long offset, int length, @Nullable StoredBlock stored) {
        return new Block(offset, length, stored);
    }

    private static StoredBlock stored(Digest digest, int length, String codec) {
        return new Writer().locate(digest, length, codec);
    }

    private void refuses(Block block, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order.take(block))
                .withMessageContaining("block at " + block.offset())
                .withMessageContaining(why);
    }

    @Test
    void blocksFollowEachOtherAndEndWithTheImage() {
        order.take(block(0, BLOCK, stored(DIGEST, 99, "zstd")));
        order.take(block(BLOCK, BLOCK, null));
        order.take(block(2 * BLOCK, 5, stored(DIGEST, 5, StoredBlock.PLAIN)));
        order.end(2 * BLOCK + 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order.end(3 * BLOCK))
                .withMessage("an image of 12288 bytes has blocks up to 8197");
    }

    @Test
    void aGapIsRefused() {
        refuses(block(BLOCK, BLOCK, null), "does not follow 0");
        order.take(block(0, BLOCK, null));
        refuses(block(0, BLOCK, null), "does not follow 4096");
    }

    @Test
    void nothingFollowsAShortBlock() {
        order.take(block(0, 100, null));
        refuses(block(100, BLOCK, null), "does not follow 100");
    }

    @Test
    void aBlockLongerThanThatOfTheImageIsRefused() {
        refuses(block(0, BLOCK + 1, null), "in an image of blocks of 4096");
    }

    @Test
    void anImageMayBeAsLargeAsTheFormatAllowsAndNotLarger() {
        for (int at = 0; at < LARGEST; at += BLOCK) {
            order.take(block(at, BLOCK, null));
        }
        refuses(block(LARGEST, 1, null), "does not follow");
    }

    @Test
    void whatWasRefusedIsNotTaken() {
        refuses(block(0, BLOCK + 1, null), "does not follow");
        assertThatCode(() -> order.end(0)).doesNotThrowAnyException();
    }

    @Test
    void aBlockIsStoredAsItWasLocated() {
        String why = "is not stored as it was located";
        Digest other = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.allocate(1));
        refuses(block(0, BLOCK, stored(other, 99, "zstd")), why);
        refuses(block(0, BLOCK, stored(DIGEST, 99, "zlib")), why);
        refuses(block(0, BLOCK, stored(DIGEST, 99, StoredBlock.PLAIN)), why);
        refuses(block(0, BLOCK, StoredBlock.object(DIGEST, "elsewhere", 99, "zstd")), why);
    }

    @ParameterizedTest
    @CsvSource({
        "none, 100,   100, true",
        "none, 99,    100, false",
        "none, 101,   100, false",
        "zstd, 0,     100, false",
        "zstd, 1,     100, true",
        "zstd, 65736, 100, true",
        "zstd, 65737, 100, false"
    })
    void aStoredFormHasAPossibleLength(String codec, int stored, int plain, boolean possible) {
        assertThat(BlockOrder.isPossible(stored, plain, codec)).isEqualTo(possible);
    }
}
