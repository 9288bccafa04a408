package org.netloop.format.caibx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.codec.zstd.ZstdCodec;
import org.netloop.tck.MemoryFile;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.MemoryRepository.Action;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;

class CaibxWriterTest {
    private static final int CHUNK = 4096;
    private static final Reference FILE =
            new Reference(URI.create("memory:/dir/x.caibx"), null, null);

    private final MemoryRepository repository = new MemoryRepository();
    private final CaibxFormat format = new CaibxFormat();
    private final ZstdCodec zstd = new ZstdCodec();

    private static ImageSpec spec(
            String codec, DigestAlgorithm digest, Map<String, String> labels) {
        return new ImageSpec(CHUNK, codec, digest, null, labels);
    }

    private static ImageSpec spec(DigestAlgorithm digest) {
        return spec("zstd", digest, Map.of());
    }

    private static byte[] image(int chunks, int tail) {
        byte[] image = new byte[chunks * CHUNK + tail];
        new Random(chunks).nextBytes(image);
        return image;
    }

    /** Puts the chunk where it belongs and appends the block, as the publisher does. */
    private void append(IndexWriter writer, DigestAlgorithm digest, ByteBuffer plain, long offset)
            throws Exception {
        StoredBlock where = writer.locate(Digest.of(digest, plain), plain.remaining(), zstd.id());
        ByteBuffer stored = ByteBuffer.allocate(zstd.maxEncodedLength(plain.remaining()));
        zstd.encode(plain.duplicate(), stored, 3);
        repository.put(where.path(), stored.flip(), Repository.Kind.BLOCK);
        writer.append(new Block(offset, plain.remaining(), where));
    }

    private ImageInfo write(DigestAlgorithm digest, byte[] image) throws Exception {
        try (IndexWriter writer = format.write(repository, spec(digest))) {
            assertThat(writer.takesChunks()).isTrue();
            for (int at = 0; at < image.length; at += CHUNK) {
                int length = Math.min(CHUNK, image.length - at);
                append(writer, digest, ByteBuffer.wrap(image, at, length).slice(), at);
            }
            return writer.finish(image.length);
        }
    }

    @ParameterizedTest
    @CsvSource({"SHA256,3,100", "SHA512_256,2000,0", "SHA256,0,1", "SHA512_256,0,0"})
    void whatIsWrittenIsReadBack(DigestAlgorithm digest, int chunks, int tail) throws Exception {
        byte[] image = image(chunks, tail);
        ImageInfo written = write(digest, image);
        assertThat(written.size()).isEqualTo(image.length);
        MemoryFile file = new MemoryFile(repository.whole());
        assertThat(format.recognises(file.bytes())).isTrue();
        Table table = Table.read("x", file.version(""), file);
        assertThat(table.size()).isEqualTo(image.length);
        assertThat(table.header().digest()).isEqualTo(digest);
        CaibxIndex index = new CaibxIndex(table, Store.of(FILE.repository()), file, 8);
        checkBlocks(index, image);
    }

    private void checkBlocks(Index index, byte[] image) throws Exception {
        for (int at = 0; at < image.length; at += CHUNK) {
            Block block = index.block(at);
            StoredBlock stored = block.stored().orElseThrow();
            ByteBuffer bytes = repository.read(stored.path(), stored.length());
            ByteBuffer plain = ByteBuffer.allocate(block.length());
            zstd.decode(bytes, plain);
            assertThat(plain.flip()).isEqualTo(ByteBuffer.wrap(image, at, block.length()));
        }
    }

    @Test
    void theIndexIsPutLastWhenAllChunksAreDurable() throws Exception {
        write(DigestAlgorithm.SHA256, image(2, 0));
        assertThat(repository.journal().stream().map(MemoryRepository.Step::action))
                .containsExactly(Action.PUT, Action.PUT, Action.SYNC, Action.PUT, Action.SYNC);
        assertThat(repository.journal().get(3).path()).isEmpty();
    }

    @Test
    void nothingIsThereUntilItIsFinished() throws Exception {
        try (IndexWriter writer = format.write(repository, spec(DigestAlgorithm.SHA256))) {
            append(writer, DigestAlgorithm.SHA256, ByteBuffer.wrap(image(1, 0)), 0);
        }
        assertThatThrownBy(repository::whole).isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void whatIsNoChunkOrDoesNotFollowIsRefused() throws Exception {
        try (IndexWriter writer = format.write(repository, spec(DigestAlgorithm.SHA256))) {
            assertThatThrownBy(() -> writer.append(new Block(0, CHUNK, null)))
                    .isInstanceOf(IllegalArgumentException.class);
            append(writer, DigestAlgorithm.SHA256, ByteBuffer.wrap(image(0, 5)), 0);
            assertThatThrownBy(
                            () ->
                                    append(
                                            writer,
                                            DigestAlgorithm.SHA256,
                                            ByteBuffer.wrap(image(1, 0)),
                                            5))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("whole block");
        }
    }

    @Test
    void whatAnIndexCannotHoldIsRefused() {
        assertRefused(spec("lz4", DigestAlgorithm.SHA256, Map.of()), "zstd, xz and gzip");
        assertRefused(spec(StoredBlock.PLAIN, DigestAlgorithm.SHA256, Map.of()), "not none");
        assertRefused(spec(DigestAlgorithm.MD5), "sha512-256");
        assertRefused(spec("zstd", DigestAlgorithm.SHA256, Map.of("a", "b")), "labels");
    }

    private void assertRefused(ImageSpec spec, String why) {
        assertThatThrownBy(() -> format.write(repository, spec))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining(why);
    }
}
