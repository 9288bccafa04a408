package org.netloop.api.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.MapRepository;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Tests what an image and its format say of themselves. */
class ImagePropertiesTest {
    private static final Digest DIGEST = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
    private static final IndexFormat READ_ONLY = new ReadOnly("old");

    private static ImageSpec spec(int blockLength) {
        return new ImageSpec(blockLength, "zstd", DigestAlgorithm.SHA256, null, Map.of());
    }

    private static ImageInfo info(long size, int blockLength) {
        return new ImageInfo(
                DIGEST, "raw", size, blockLength, "none", null, -1, Map.of(), Verification.STORED);
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 8192, 262_144, 16_777_216})
    void aBlockLengthIsAPowerOfTwo(int length) {
        assertThat(spec(length).blockLength()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048, 4097, 12_288, 33_554_432, -4096})
    void otherBlockLengthsAreRefused(int length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec(length))
                .withMessage(
                        "block size " + length + " is not a power of two from 4096 to 16777216");
    }

    @ParameterizedTest
    @CsvSource({"-1,4096", "0,0"})
    void aSizeThatIsNoneIsRefused(long size, int blockLength) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> info(size, blockLength))
                .withMessageContaining(size + " bytes in blocks of " + blockLength);
    }

    @Test
    void blocksNamedByTheirDigestAreVerifiedByIt() {
        assertThat(info(0, 1).verification()).isEqualTo(Verification.STORED);
    }

    @Test
    void aFormatThatOnlyReadsSaysSo() {
        assertThatThrownBy(() -> READ_ONLY.write(new MapRepository(), spec(4096)))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessage("format 'old' is only read, not written");
        assertThatThrownBy(() -> READ_ONLY.catalog(new MapRepository()))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessage("repositories of format 'old' have no list of images");
        assertThat(READ_ONLY.recognisesTail(ByteBuffer.allocate(9))).isFalse();
        assertThat(READ_ONLY.isLastResort()).isFalse();
        assertThat(READ_ONLY.defaults())
                .isEqualTo(new WritingDefaults(262_144, "zstd", DigestAlgorithm.SHA256, true));
    }

    @Test
    void aFormatIsFoundByItsId() throws Exception {
        IndexFormat other = new ReadOnly("new");
        assertThat(IndexFormat.find(List.of(READ_ONLY, other), "new")).isSameAs(other);
        assertThatThrownBy(() -> IndexFormat.find(List.of(READ_ONLY, other), "x"))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("no index format 'x' is installed (there are new, old)")
                .hasMessageContaining("no known feature provides it");
    }

    @Test
    void anIndexWithoutDeltasAndAWriterWithoutThemSaySo() throws Exception {
        assertThat(new Empty().delta(0)).isNull();
        assertThat(new Empty().deltaBases()).isEmpty();
        IndexWriter writer = new PlainWriter();
        assertThat(writer.takesDeltas(DIGEST)).isFalse();
        assertThat(writer.takesChunks()).isFalse();
        assertThat(writer.holdsBlocks()).isFalse();
        Block block = new Block(0, 1, null);
        assertThatThrownBy(() -> writer.append(block, ByteBuffer.allocate(1)))
                .isInstanceOf(UnsupportedOperationException.class);
        Delta.Made delta = new Delta.Made(ByteBuffer.allocate(1), "zstd", DIGEST, List.of());
        assertThatThrownBy(() -> writer.append(block, delta))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private record ReadOnly(String id) implements IndexFormat {
        @Override
        public String entry(Reference reference) {
            return "";
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return true;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) {
            return new Empty();
        }
    }

    private static final class Empty implements Index {
        @Override
        public ImageInfo image() {
            return info(0, 1);
        }

        @Override
        public Block block(long offset) {
            throw new IndexOutOfBoundsException();
        }

        @Override
        public @Nullable Block blockIfLoaded(long offset) {
            return null;
        }

        @Override
        public Extent extent(long offset) {
            throw new IndexOutOfBoundsException();
        }
    }

    private static final class PlainWriter implements IndexWriter {
        @Override
        public StoredBlock locate(Digest digest, int length, String codec) {
            return StoredBlock.object(digest, digest.hex(), length, codec);
        }

        @Override
        public void append(Block block) {}

        @Override
        public ImageInfo finish(long size) {
            return info(size, 1);
        }

        @Override
        public void close() {}
    }
}
