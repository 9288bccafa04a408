package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.block.Verification;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.ObjectReader;
import org.netloop.api.index.Reference;
import org.netloop.api.publish.Published;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tests publishing into a format whose index holds the blocks itself. */
@Timeout(60)
class OneFileImageTest {
    @TempDir Path directory;

    private final OneFile format = new OneFile();
    private Bench bench;

    @BeforeEach
    void setUp() {
        bench = new Bench(directory.resolve("state"));
    }

    private Published publish(byte[] image) throws Exception {
        return new ImagePublisher(
                        bench.settings,
                        new Backends(
                                List.of(bench.codec),
                                List.of(format),
                                Map.of("fake", bench.repository.transport())),
                        null)
                .publish(new ByteArrayInputStream(image), bench.spec(), _ -> {});
    }

    @Test
    void theIndexGetsTheBlocksInOrderAndTheRepositoryNone() throws Exception {
        byte[] image = Bench.image(5, 40, 123);
        Published published = publish(image);
        ByteBuffer plain = ByteBuffer.allocate(image.length);
        long stored = 0;
        for (Part part : format.parts) {
            assertThat(part.block().offset()).isEqualTo(plain.position());
            StoredBlock form = part.block().storedOrNull();
            if (form == null) {
                plain.position((int) part.block().end());
                continue;
            }
            stored += form.length();
            assertThat(part.bytes().remaining()).isEqualTo(form.length());
            assertThat(form.key().matches(part.bytes())).isTrue();
            if (form.codec().equals(StoredBlock.PLAIN)) {
                plain.put(part.bytes().duplicate());
            } else {
                bench.codec.decode(part.bytes().duplicate(), plain);
            }
        }
        assertThat(plain.flip()).isEqualTo(ByteBuffer.wrap(image));
        assertThat(bench.repository.list("")).isEmpty();
        long blocks = format.parts.stream().filter(part -> !part.block().isHole()).count();
        assertThat(published.blocks()).isEqualTo(blocks);
        assertThat(published.newBlocks()).isEqualTo(blocks);
        assertThat(published.distinctBlocks()).isEqualTo(blocks);
        assertThat(published.storedBytes()).isEqualTo(stored);
        assertThat(published.newBytes()).isEqualTo(stored);
        assertThat(published.takenOver()).isZero();
    }

    @Test
    void itHasNoChannelToMove() {
        bench.channel = "stable";
        assertThatThrownBy(() -> publish(Bench.image(5, 1, 0)))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("no list of images");
        assertThat(format.parts).isEmpty();
    }

    private record Part(Block block, ByteBuffer bytes) {}

    private static final class OneFile implements IndexFormat {
        private final List<Part> parts = new ArrayList<>();

        @Override
        public String id() {
            return "fake";
        }

        @Override
        public String entry(Reference reference) {
            return "";
        }

        @Override
        public boolean recognises(ByteBuffer head) {
            return false;
        }

        @Override
        public Index open(Reference reference, ObjectReader objects) throws FetchException {
            throw new FetchException.Unsupported("not read here");
        }

        private static ImageInfo image(ImageSpec spec, long size) {
            return new ImageInfo(
                    Digest.of(spec.digest(), ByteBuffer.allocate(1)),
                    "fake",
                    size,
                    spec.blockLength(),
                    spec.codec(),
                    null,
                    -1,
                    Map.of(),
                    Verification.STORED);
        }

        @Override
        public IndexWriter write(Repository repository, ImageSpec spec) {
            return new IndexWriter() {
                @Override
                public StoredBlock locate(Digest digest, int length, String codec) {
                    return StoredBlock.object(digest, "", length, codec);
                }

                @Override
                public boolean holdsBlocks() {
                    return true;
                }

                @Override
                public void append(Block block) {
                    assertThat(block.isHole()).isTrue();
                    parts.add(new Part(block, ByteBuffer.allocate(0)));
                }

                @Override
                public void append(Block block, ByteBuffer stored) {
                    byte[] copy = new byte[stored.remaining()];
                    stored.get(copy);
                    parts.add(new Part(block, ByteBuffer.wrap(copy)));
                }

                @Override
                public ImageInfo finish(long size) {
                    return image(spec, size);
                }

                @Override
                public void close() {}
            };
        }
    }
}
