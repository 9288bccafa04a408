package org.netloop.format.cloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
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
import org.netloop.codec.zlib.ZlibCodec;
import org.netloop.tck.MemoryFile;
import org.netloop.tck.MemoryRepository;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

class CloopWriterTest {
    private static final int BLOCK = 4096;
    private static final int TAIL = 100;
    private static final Reference FILE = new Reference(URI.create("memory:/file"), null, null);

    private final MemoryRepository repository = new MemoryRepository();
    private final CloopFormat format = new CloopFormat();
    private final ZlibCodec zlib = new ZlibCodec();

    private static ImageSpec spec(String codec) {
        return new ImageSpec(BLOCK, codec, DigestAlgorithm.SHA256, null, Map.of());
    }

    private void append(IndexWriter writer, int number, byte[] plain, boolean encoded)
            throws Exception {
        ByteBuffer stored = ByteBuffer.allocate(zlib.maxEncodedLength(plain.length));
        if (encoded) {
            zlib.encode(ByteBuffer.wrap(plain), stored, 6);
        } else {
            stored.put(plain);
        }
        stored.flip();
        StoredBlock where =
                writer.locate(
                        Digest.of(DigestAlgorithm.SHA256, stored),
                        stored.remaining(),
                        encoded ? "zlib" : StoredBlock.PLAIN);
        writer.append(new Block((long) number * BLOCK, plain.length, where), stored);
    }

    @Test
    void blocksOfAllKindsAreReadBack() throws Exception {
        byte[] image = new byte[4 * BLOCK + TAIL];
        new Random(1).nextBytes(image);
        Arrays.fill(image, BLOCK, 2 * BLOCK, (byte) 0);
        ImageInfo written;
        try (IndexWriter writer = format.write(repository, spec("zlib"))) {
            assertThat(writer.holdsBlocks()).isTrue();
            append(writer, 0, Arrays.copyOf(image, BLOCK), true);
            writer.append(new Block(BLOCK, BLOCK, null));
            append(writer, 2, Arrays.copyOfRange(image, 2 * BLOCK, 3 * BLOCK), false);
            append(writer, 3, Arrays.copyOfRange(image, 3 * BLOCK, 4 * BLOCK), true);
            append(writer, 4, Arrays.copyOfRange(image, 4 * BLOCK, image.length), true);
            written = writer.finish(image.length);
        }
        assertThat(written.size()).isEqualTo(5 * BLOCK);
        assertThat(read(repository.whole())).isEqualTo(Arrays.copyOf(image, 5 * BLOCK));
    }

    private byte[] read(byte[] bytes) throws Exception {
        MemoryFile file = new MemoryFile(bytes);
        assertThat(format.recognises(file.bytes())).isTrue();
        Index index = format.open(FILE, file);
        assertThat(index.image().labels()).containsEntry("cloop", "V2.0");
        ByteBuffer plain = ByteBuffer.allocate((int) index.image().size());
        while (plain.hasRemaining()) {
            Block block = index.block(plain.position());
            StoredBlock stored = block.stored().orElseThrow();
            zlib.decode(
                    file.bytes().slice((int) stored.position(), stored.length()),
                    plain.limit(plain.position() + block.length()));
            plain.limit(plain.capacity());
        }
        return plain.array();
    }

    @Test
    void nothingIsThereUntilItIsFinished() throws Exception {
        try (IndexWriter writer = format.write(repository, spec("zlib"))) {
            writer.append(new Block(0, BLOCK, null));
        }
        assertThatThrownBy(repository::whole).isInstanceOf(FetchException.Missing.class);
    }

    @Test
    void whatAFileCannotHoldIsRefused() {
        assertThatThrownBy(() -> format.write(repository, spec("zstd")))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("zlib");
        ImageSpec labelled =
                new ImageSpec(BLOCK, "zlib", DigestAlgorithm.SHA256, null, Map.of("a", "b"));
        assertThatThrownBy(() -> format.write(repository, labelled))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("labels");
    }
}
