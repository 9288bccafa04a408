package org.netloop.format.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A chain of images, in each of which every block was made by a delta to the same block before. */
class EarlierDeltasTest {
    private static final int BLOCK = 4096;
    private static final int BLOCKS = 20;

    private final MemoryRepository repository = new MemoryRepository();
    private final NetloopFormat format = new NetloopFormat();

    private static Digest digest(int version, int number) {
        ByteBuffer bytes = ByteBuffer.allocate(8).putInt(version).putInt(number).flip();
        return Digest.of(DigestAlgorithm.SHA256, bytes);
    }

    private static Digest plain(int version, int number) {
        return digest(-version, number);
    }

    private static Block block(IndexWriter writer, int version, int number, int length)
            throws Exception {
        StoredBlock stored = writer.locate(digest(version, number), length, "zstd");
        return new Block((long) number * BLOCK, BLOCK, stored);
    }

    private Digest write(int version, @Nullable Digest base, int blockLength, int storedLength)
            throws Exception {
        ImageSpec spec = new ImageSpec(blockLength, "zstd", DigestAlgorithm.SHA256, null, Map.of());
        try (IndexWriter writer = format.write(repository, spec)) {
            if (base != null) {
                assertThat(writer.takesDeltas(base)).isTrue();
            }
            for (int number = 0; number < BLOCKS; number++) {
                Block block = block(writer, version, number, storedLength);
                if (base == null) {
                    writer.append(block);
                    continue;
                }
                StoredBlock before =
                        block(writer, version - 1, number, storedLength).stored().orElseThrow();
                writer.append(
                        block,
                        new Delta.Made(
                                ByteBuffer.wrap(new byte[] {(byte) version, (byte) number}),
                                "zstd",
                                plain(version, number),
                                List.of(new DeltaBase(before, BLOCK, plain(version - 1, number)))));
            }
            return writer.finish((long) BLOCKS * BLOCK).digest();
        }
    }

    /** Four images; opens the last one. */
    private Index chain(int storedLength) throws Exception {
        Digest image = write(1, null, BLOCK, storedLength);
        for (int version = 2; version <= 4; version++) {
            image = write(version, image, BLOCK, storedLength);
        }
        return open(image);
    }

    private Index open(Digest image) throws Exception {
        return format.open(new Reference(repository.base(), null, image), repository.objects());
    }

    @Test
    void theDeltasOfEarlierImagesAreFoundByWhatTheyGive() throws Exception {
        Index index = chain(4000);
        for (int number = 0; number < BLOCKS; number++) {
            Delta third = Objects.requireNonNull(index.earlierDelta(plain(3, number), 2));
            assertThat(third.plain()).isEqualTo(plain(3, number));
            assertThat(third.length()).isEqualTo(BLOCK);
            assertThat(index.earlierDelta(digest(3, number), 2)).isEqualTo(third);
            Digest before = third.bases().getFirst().plain();
            assertThat(before).isEqualTo(plain(2, number));
            assertThat(index.earlierDelta(before, 2)).isNotNull();
            assertThat(index.earlierDelta(before, 1)).isNull();
        }
        assertThat(index.earlierDelta(plain(1, 0), 32)).isNull();
        assertThat(index.earlierDelta(plain(3, 0), 0)).isNull();
    }

    @Test
    void anImageWithoutBasesHasNone() throws Exception {
        assertThat(open(write(1, null, BLOCK, 4000)).earlierDelta(plain(1, 0), 5)).isNull();
    }

    @Test
    void imagesThatAreGoneAreNoReasonToFail() throws Exception {
        Index index = chain(4000);
        repository.delete(Layout.image(index.deltaBases().getFirst()));
        assertThat(index.earlierDelta(plain(3, 0), 2)).isNull();
        assertThat(index.earlierDelta(plain(2, 0), 2)).isNotNull();
    }

    @Test
    void anotherManifestUnderThatNameIsRefused() throws Exception {
        Index index = chain(4000);
        String path = Layout.image(index.deltaBases().getFirst());
        Digest other = write(9, null, BLOCK, 4000);
        ByteBuffer forged = repository.read(Layout.image(other), Manifest.MAX_LENGTH);
        repository.delete(path);
        repository.put(path, forged, Kind.DOCUMENT);
        assertThatThrownBy(() -> index.earlierDelta(plain(3, 0), 2))
                .isInstanceOf(FetchException.class);
    }

    /** The tables would be longer than an eighth of what all blocks take. */
    @Test
    void tablesThatAreTooLongForTheImageAreNotRead() throws Exception {
        Index index = chain(100);
        assertThat(index.delta(0)).isNotNull();
        assertThat(index.earlierDelta(plain(3, 0), 2)).isNull();
    }
}
