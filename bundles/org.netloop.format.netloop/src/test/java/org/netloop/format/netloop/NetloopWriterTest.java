package org.netloop.format.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.Delta;
import org.netloop.api.index.DeltaBase;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;
import org.netloop.tck.MemoryRepository.Action;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tests the order in which an image is written, and what is left where that fails. */
class NetloopWriterTest {
    private static final int BLOCK = 4096;
    private static final long SEGMENT = (long) Segment.BLOCKS * BLOCK;
    private static final ImageSpec SPEC =
            new ImageSpec(BLOCK, "zstd", DigestAlgorithm.SHA256, null, Map.of());

    private final MemoryRepository repository = new MemoryRepository();
    private final NetloopFormat format = new NetloopFormat();

    private static Digest digest(long number) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(8).putLong(0, number));
    }

    private static Block block(IndexWriter writer, long number) {
        StoredBlock stored = writer.locate(digest(number), 99, "zstd");
        return new Block(number * BLOCK, BLOCK, stored);
    }

    private static Delta.Made delta(IndexWriter writer, int length, String codec) {
        DeltaBase base = new DeltaBase(writer.locate(digest(0), 99, "zstd"), BLOCK, digest(1));
        return new Delta.Made(ByteBuffer.allocate(length), codec, digest(2), List.of(base));
    }

    private Index open(ImageInfo image) throws Exception {
        return format.open(
                new Reference(repository.base(), null, image.digest()), repository.objects());
    }

    private ImageInfo parent() throws Exception {
        try (IndexWriter writer = format.write(repository, SPEC)) {
            writer.append(block(writer, 0));
            return writer.finish(BLOCK);
        }
    }

    @Test
    void theManifestIsPutWhenAllItNamesIsDurable() throws Exception {
        try (IndexWriter writer = format.write(repository, SPEC)) {
            writer.append(block(writer, 0));
            assertThat(repository.journal()).isEmpty();
            ImageInfo image = writer.finish(BLOCK);
            List<Step> journal = repository.journal();
            assertThat(journal).hasSize(4);
            assertThat(journal.get(0).path()).startsWith("blocks/");
            assertThat(journal.subList(1, 4))
                    .containsExactly(
                            new Step(Action.SYNC, ""),
                            new Step(Action.PUT, Layout.image(image.digest())),
                            new Step(Action.SYNC, ""));
            assertThat(repository.kind(journal.get(0).path())).isEqualTo(Kind.BLOCK);
            assertThat(repository.kind(Layout.image(image.digest()))).isEqualTo(Kind.DOCUMENT);
        }
    }

    @Test
    void aSegmentOfHolesIsNotWritten() throws Exception {
        try (IndexWriter writer = format.write(repository, SPEC)) {
            for (long at = 0; at < 2 * SEGMENT; at += BLOCK) {
                writer.append(new Block(at, BLOCK, null));
            }
            writer.append(block(writer, 2 * Segment.BLOCKS));
            Index index = open(writer.finish(2 * SEGMENT + BLOCK));
            assertThat(repository.journal().stream().filter(step -> step.action() == Action.PUT))
                    .hasSize(2);
            assertThat(index.block(0).isHole()).isTrue();
            assertThat(index.block(2 * SEGMENT).isHole()).isFalse();
            assertThat(index.image().storedBytes()).isEqualTo(99);
        }
    }

    @Test
    void nothingIsAppendedToAnImageThatIsFinishedOrGivenUp() throws Exception {
        IndexWriter finished = format.write(repository, SPEC);
        finished.append(block(finished, 0));
        finished.finish(BLOCK);
        IndexWriter closed = format.write(repository, SPEC);
        closed.takesDeltas(digest(9));
        closed.close();
        for (IndexWriter writer : List.of(finished, closed)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> writer.append(block(writer, 1)))
                    .withMessageContaining("finished, or could not be written");
            assertThatIllegalStateException()
                    .isThrownBy(() -> writer.append(block(writer, 1), delta(writer, 1, "zstd")));
            assertThatIllegalStateException().isThrownBy(() -> writer.finish(BLOCK));
        }
    }

    @Test
    void aSegmentThatCouldNotBePutIsNeverNamed() throws Exception {
        repository.takeOnly(0);
        IndexWriter writer = format.write(repository, SPEC);
        writer.append(block(writer, 0));
        assertThatThrownBy(() -> writer.finish(BLOCK)).isInstanceOf(IOException.class);
        repository.takeOnly(Integer.MAX_VALUE);
        assertThatIllegalStateException().isThrownBy(() -> writer.finish(BLOCK));
        assertThat(repository.journal()).isEmpty();
    }

    @Test
    void aDeltaThatCouldNotBePutIsNeverNamed() throws Exception {
        Digest base = parent().digest();
        IndexWriter writer = format.write(repository, SPEC);
        writer.takesDeltas(base);
        writer.append(block(writer, 0), delta(writer, 10, "zstd"));
        List<Step> before = repository.journal();
        repository.takeOnly(1);
        assertThatThrownBy(() -> writer.finish(BLOCK)).isInstanceOf(IOException.class);
        repository.takeOnly(Integer.MAX_VALUE);
        assertThatIllegalStateException().isThrownBy(() -> writer.finish(BLOCK));
        assertThat(repository.journal()).hasSize(before.size() + 1);
    }

    @Test
    void deltasNeedABaseAndTheImagesCodec() throws Exception {
        try (IndexWriter writer = format.write(repository, SPEC)) {
            assertThatThrownBy(() -> writer.append(block(writer, 0), delta(writer, 1, "zstd")))
                    .hasMessage("no image to refer to was given");
        }
        try (IndexWriter writer = format.write(repository, SPEC)) {
            assertThat(writer.takesDeltas(digest(9))).isTrue();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.append(block(writer, 0), delta(writer, 1, "zlib")))
                    .withMessage("a delta of codec zlib in an image of zstd");
        }
    }

    @Test
    void deltasThatDoNotFitIntoOneObjectAreInSeveral() throws Exception {
        Digest base = parent().digest();
        int length = DeltaObject.MAX_LENGTH / 2;
        try (IndexWriter writer = format.write(repository, SPEC)) {
            writer.takesDeltas(base);
            for (int number = 0; number < 3; number++) {
                writer.append(block(writer, number), delta(writer, length, "zstd"));
            }
            Index index = open(writer.finish(3 * BLOCK));
            Map<String, Set<Long>> places = new HashMap<>();
            for (int number = 0; number < 3; number++) {
                StoredBlock stored =
                        Objects.requireNonNull(index.delta((long) number * BLOCK)).stored();
                assertThat(stored.length()).isEqualTo(length);
                places.computeIfAbsent(stored.path(), _ -> new HashSet<>()).add(stored.position());
            }
            assertThat(places.values())
                    .containsExactlyInAnyOrder(Set.of(0L, (long) length), Set.of(0L));
            for (String path : places.keySet()) {
                assertThat(repository.length(path).orElseThrow())
                        .isLessThanOrEqualTo(DeltaObject.MAX_LENGTH);
            }
        }
    }

    @Test
    void onlySoManyTablesWaitForTheirObject() throws Exception {
        Digest base = parent().digest();
        int before = repository.journal().size();
        try (IndexWriter writer = format.write(repository, SPEC)) {
            writer.takesDeltas(base);
            for (int segment = 0; segment < 65; segment++) {
                long first = (long) segment * Segment.BLOCKS;
                writer.append(block(writer, first), delta(writer, 10, "zstd"));
                for (int i = 1; i < Segment.BLOCKS; i++) {
                    writer.append(new Block((first + i) * BLOCK, BLOCK, null));
                }
                // Each segment is an object; the deltas and all tables follow those of the last.
                assertThat(repository.journal().size() - before)
                        .isEqualTo(segment < 64 ? segment + 1 : 65 + 1 + 65);
            }
        }
    }

    @Test
    void anImageWhoseManifestIsTooLongIsRefused() throws Exception {
        Map<String, String> labels = new HashMap<>();
        while (labels.size() < Manifest.MAX_LABELS) {
            labels.put("n" + labels.size(), "\u20ac".repeat(Documents.LONGEST_TEXT));
        }
        ImageSpec large = new ImageSpec(BLOCK, "zstd", DigestAlgorithm.SHA256, null, labels);
        try (IndexWriter writer = format.write(repository, large)) {
            assertThatThrownBy(() -> writer.finish(0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("more than " + Manifest.MAX_LENGTH)
                    .hasMessageEndingWith("choose a larger block size than 4096");
        }
        assertThat(repository.journal()).isEmpty();
    }

    @Test
    void blocksOfEachAlgorithmLieApart() throws Exception {
        Digest other = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.allocate(1));
        IndexWriter writer = format.write(repository, SPEC);
        String hex = digest(0).hex();
        assertThat(writer.locate(digest(0), 9, "zstd").path())
                .isEqualTo("blocks/" + hex.substring(0, 2) + "/" + hex);
        assertThat(writer.locate(other, 9, "zstd").path()).startsWith("blocks/sha512-256/");
        ImageSpec weak = new ImageSpec(BLOCK, "zstd", DigestAlgorithm.MD5, null, Map.of());
        assertThatThrownBy(() -> format.write(repository, weak))
                .isInstanceOf(FetchException.Unsupported.class)
                .hasMessageContaining("names no blocks by md5");
    }
}
