package org.netloop.format.caibx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Block;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.codec.Codec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.codec.zstd.ZstdCodec;
import org.netloop.tck.FileFormatContract;
import org.netloop.tck.MemoryFile;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class CaibxFormatTest extends FileFormatContract {
    /** Blocks in a part: few, so that small indexes have several parts. */
    private static final int PART = 8;

    private final CaibxFormat format = new CaibxFormat(PART);
    private final CaibxFile newer = new CaibxFile(DigestAlgorithm.SHA512_256, 43);
    private final CaibxFile older = new CaibxFile(DigestAlgorithm.SHA256, 24);

    private static Reference reference(String query) {
        return new Reference(URI.create("memory:/dir/x.caibx" + query), null, null);
    }

    @Override
    protected IndexFormat format() {
        return format;
    }

    @Override
    protected List<Sample> samples() {
        return List.of(newer.sample(), older.sample());
    }

    @Override
    protected Verification verification() {
        return Verification.PLAIN;
    }

    @Override
    protected Map<String, byte[]> beside() {
        Map<String, byte[]> all = new HashMap<>(newer.store);
        all.putAll(older.store);
        return all;
    }

    @Override
    protected Codec codec(String id) {
        assertThat(id).isEqualTo(StoredBlock.RECOGNISED);
        return new ZstdCodec();
    }

    /** An index whose first chunk is there, whatever it is. */
    private static Index open(CaibxFormat format, byte[] file, String query) throws Exception {
        return format.open(
                reference(query),
                new MemoryFile(file, _ -> {}, (_, most) -> ByteBuffer.allocate(most)));
    }

    @Test
    void aLongRunOfZerosIsAHoleThatNobodyFetches() throws Exception {
        Index index = open(format, newer.file(), "");
        long at = 0;
        for (int number = 0; number < 43; number++) {
            Block block = index.block(at);
            assertThat(block.isHole()).isEqualTo(number % 5 == 3);
            at = block.end();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.castr", "../other.castr", "a/b%20c/", "../../../x"})
    void theStoreMayBeNamedByTheReference(String store) throws Exception {
        Index index = open(format, newer.file(), "?token=1&store=" + store);
        String directory = store.endsWith("/") ? store : store + "/";
        assertThat(index.block(0).stored().orElseThrow().path())
                .startsWith("../" + directory)
                .matches(".*/([0-9a-f]{4})/\\1[0-9a-f]{60}\\.cacnk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/srv/x", "http://other/x", "a/../../b", "..", "a//b", "."})
    void aStoreThatDoesNotLieBesideIsRefused(String store) {
        assertThatThrownBy(() -> open(format, newer.file(), "?store=" + store))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("?store=../other.castr");
    }

    @Test
    void aStoreThatIsNotThereIsToldAtOpening() {
        assertThatThrownBy(() -> format.open(reference(""), new MemoryFile(newer.file())))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("chunk store default.castr/")
                .hasMessageContaining("?store=");
    }

    @Test
    void theIndexOfATreeIsRefusedByName() {
        byte[] file = newer.file();
        file[16] = 2;
        assertThatThrownBy(() -> open(format, file, ""))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining(".caidx");
    }

    @Test
    void anImageMayBeEmpty() throws Exception {
        byte[] file = new CaibxFile(DigestAlgorithm.SHA256, 0).file();
        assertThat(format.open(reference(""), new MemoryFile(file)).image().size()).isZero();
    }

    @Test
    void openingAndAReadFromTheMiddleTakeAFewPartsOfALongTable() throws Exception {
        CaibxFile large = new CaibxFile(DigestAlgorithm.SHA256, 20_000);
        MemoryFile file =
                new MemoryFile(large.file(), _ -> {}, (_, most) -> ByteBuffer.allocate(most));
        Index index = format.open(reference(""), file);
        assertThat(file.reads()).hasSizeLessThanOrEqualTo(3);
        byte[] image = large.image();
        for (int offset : new int[] {image.length / 2, image.length - 1, 1, image.length / 7}) {
            file.forgetReads();
            Block block = index.block(offset);
            assertThat(block.offset()).isLessThanOrEqualTo(offset);
            assertThat(block.end()).isGreaterThan(offset);
            assertThat(file.reads()).hasSizeLessThanOrEqualTo(8);
            file.forgetReads();
            assertThat(index.block(offset)).isSameAs(block);
            assertThat(file.reads()).isEmpty();
        }
    }

    @Test
    void chunksOfOneContentHaveOneNameThatIsNotTheirDigest() throws Exception {
        Block block = open(format, newer.file(), "").block(0);
        StoredBlock stored = block.stored().orElseThrow();
        assertThat(stored.key()).isNotEqualTo(stored.plainOrNull());
        StoredBlock elsewhere = open(format, newer.file(), "?store=other").block(0).stored().get();
        assertThat(elsewhere.key()).isEqualTo(stored.key());
    }
}
