package org.netloop.format.netloop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository.Kind;
import org.netloop.tck.MemoryRepository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tests what is particular to this index: how much it reads, keeps and merges. */
class NetloopIndexTest {
    private static final int BLOCK = 4096;
    private static final long SEGMENT = (long) Segment.BLOCKS * BLOCK;
    private static final ImageSpec SPEC =
            new ImageSpec(BLOCK, "zstd", DigestAlgorithm.SHA256, null, Map.of());

    private final MemoryRepository repository = new MemoryRepository();

    private static Digest digest(long number) {
        return Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(8).putLong(0, number));
    }

    /** One stored block at each offset told, holes elsewhere. */
    private Index image(long size, long... stored) throws Exception {
        ImageInfo image;
        try (IndexWriter writer = new NetloopFormat().write(repository, SPEC)) {
            int next = 0;
            for (long at = 0; at < size; at += BLOCK) {
                boolean here = next < stored.length && stored[next] == at;
                next += here ? 1 : 0;
                int length = (int) Math.min(BLOCK, size - at);
                writer.append(
                        new Block(at, length, here ? writer.locate(digest(at), 99, "zstd") : null));
            }
            image = writer.finish(size);
        }
        return new NetloopFormat()
                .open(new Reference(repository.base(), null, image.digest()), repository.objects());
    }

    private Manifest dense(int segments) {
        List<SegmentReference> all = new ArrayList<>();
        for (int i = 0; i < segments; i++) {
            all.add(new SegmentReference(i, digest(i), 75_792, 75_792, StoredBlock.PLAIN));
        }
        ImageSpec spec =
                new ImageSpec(256 << 10, "zstd", DigestAlgorithm.SHA256, null, Map.of("os", "x"));
        return new Manifest(((long) segments * Segment.BLOCKS) << 18, spec, 0, all);
    }

    @Test
    void anImageOfOneTebibyteWithoutAHoleOpensWithFarLessThanOneMebibyte() throws Exception {
        ByteBuffer manifest = dense(2048).write();
        assertThat(manifest.remaining()).isLessThan(200_000);
        Digest image = NetloopFormat.nameOf(manifest);
        repository.put(Layout.image(image), manifest.duplicate(), Kind.BLOCK);
        new NetloopFormat().catalog(repository).move("stable", image);
        Index index =
                new NetloopFormat()
                        .open(
                                new Reference(repository.base(), "stable", null),
                                repository.objects());
        assertThat(index.image().size()).isEqualTo(1L << 40);
        assertThat(repository.reads()).hasSize(2);
        assertThat(repository.reads().stream().mapToInt(MemoryRepository.Read::length).sum())
                .isLessThan(200_000);
    }

    @Test
    void holesAreMergedOverAbsentSegmentsWithoutReadingAny() throws Exception {
        Index index = image(10 * SEGMENT, 3 * SEGMENT, 7 * SEGMENT - BLOCK);
        repository.forgetReads();
        assertThat(index.extent(5)).isEqualTo(new Extent(5, 3 * SEGMENT - 5, true));
        assertThat(index.extent(7 * SEGMENT)).isEqualTo(new Extent(7 * SEGMENT, 3 * SEGMENT, true));
        assertThat(repository.reads()).isEmpty();
        assertThat(index.extent(3 * SEGMENT)).isEqualTo(new Extent(3 * SEGMENT, BLOCK, false));
        assertThat(index.extent(3 * SEGMENT + BLOCK))
                .isEqualTo(new Extent(3 * SEGMENT + BLOCK, 3 * SEGMENT - BLOCK, true));
        assertThat(repository.reads()).hasSize(1);
    }

    @Test
    void onlySoManySegmentsAreKept() throws Exception {
        int segments = 300;
        long[] stored = new long[segments];
        for (int i = 0; i < segments; i++) {
            stored[i] = i * SEGMENT;
        }
        Index index = image(segments * SEGMENT, stored);
        int kept = 0;
        for (int round = 0; round < 2; round++) {
            for (long offset : stored) {
                assertThat(index.block(offset).isHole()).isFalse();
            }
        }
        for (long offset : stored) {
            kept += index.blockIfLoaded(offset) == null ? 0 : 1;
        }
        assertThat(kept).isBetween(32, 64);
    }

    @Test
    void aBlockThatIsLoadedIsGivenWithoutAllocating() throws Exception {
        Index index = image(SEGMENT, 0, SEGMENT - BLOCK);
        index.block(0);
        var threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        long found = 0;
        for (int i = 0; i < 20_000; i++) {
            found += index.blockIfLoaded(0) == null ? 0 : 1;
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            found += index.blockIfLoaded(0) == null ? 0 : 1;
        }
        assertThat(found).isEqualTo(120_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000L);
    }

    @Test
    void anImageIsNamedBySha256Only() {
        Digest digest = Digest.of(DigestAlgorithm.SHA512_256, ByteBuffer.allocate(1));
        assertThatThrownBy(
                        () ->
                                new NetloopFormat()
                                        .open(
                                                new Reference(repository.base(), null, digest),
                                                repository.objects()))
                .isInstanceOf(FetchException.Missing.class)
                .hasMessageContaining("SHA-256");
    }

    @Test
    void aManifestWithOtherBytesThanItsNameSaysIsCorrupt() throws Exception {
        Digest image = image(SEGMENT, 0).image().digest();
        repository.put(Layout.image(image), dense(1).write(), Kind.BLOCK);
        assertThatThrownBy(
                        () ->
                                new NetloopFormat()
                                        .open(
                                                new Reference(repository.base(), null, image),
                                                repository.unverifiedObjects()))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageContaining(Layout.image(image));
    }

    @Test
    void whatAReaderThrowsUnexpectedlyIsSaidByAllWhoWait() throws Exception {
        Digest image = image(SEGMENT, 0).image().digest();
        Index index =
                new NetloopFormat()
                        .open(
                                new Reference(repository.base(), null, image),
                                repository.objects(
                                        path -> {
                                            if (path.startsWith("blocks/")) {
                                                throw new IllegalStateException("bundle stopped");
                                            }
                                        }));
        assertThatThrownBy(() -> index.block(0))
                .isInstanceOf(FetchException.Unavailable.class)
                .hasMessageContaining("part 0 of the map")
                .hasMessageContaining("bundle stopped");
    }

    @Test
    void storedBytesCountEachContentOnce() throws IOException {
        try (IndexWriter writer = new NetloopFormat().write(repository, SPEC)) {
            for (int i = 0; i < 5000; i++) {
                long content = i % 1500;
                writer.append(
                        new Block(
                                (long) i * BLOCK,
                                BLOCK,
                                writer.locate(digest(content), 100, "zstd")));
            }
            assertThat(writer.finish(5000L * BLOCK).storedBytes()).isEqualTo(150_000);
        }
    }

    @Test
    void extentsEndWhereTheKindOfBlockChangesOrTheImageEnds() throws Exception {
        long size = 2 * SEGMENT + 100;
        Index index = image(size, 2 * BLOCK, 3 * BLOCK, SEGMENT - BLOCK, SEGMENT, 2 * SEGMENT);
        assertThat(index.extent(0)).isEqualTo(new Extent(0, 2 * BLOCK, true));
        assertThat(index.extent(2 * BLOCK + 7))
                .isEqualTo(new Extent(2 * BLOCK + 7, 2 * BLOCK - 7, false));
        assertThat(index.extent(SEGMENT - BLOCK))
                .isEqualTo(new Extent(SEGMENT - BLOCK, BLOCK, false));
        assertThat(index.extent(SEGMENT)).isEqualTo(new Extent(SEGMENT, BLOCK, false));
        assertThat(index.extent(SEGMENT + BLOCK))
                .isEqualTo(new Extent(SEGMENT + BLOCK, SEGMENT - BLOCK, true));
        assertThat(index.extent(2 * SEGMENT + 99))
                .isEqualTo(new Extent(2 * SEGMENT + 99, 1, false));
        assertThat(index.block(2 * SEGMENT).length()).isEqualTo(100);
    }

    @Test
    void aBlockOfASegmentThatIsNotLoadedIsNotGiven() throws Exception {
        Index index = image(2 * SEGMENT, SEGMENT + BLOCK);
        assertThat(index.blockIfLoaded(0)).isEqualTo(new Block(0, BLOCK, null));
        assertThat(index.blockIfLoaded(SEGMENT)).isNull();
        index.block(SEGMENT);
        assertThat(index.blockIfLoaded(SEGMENT)).isEqualTo(new Block(SEGMENT, BLOCK, null));
        assertThat(index.blockIfLoaded(SEGMENT + BLOCK)).isEqualTo(index.block(SEGMENT + BLOCK));
    }

    @Test
    void aSegmentOfAnotherLengthThanTheManifestSaysIsCorrupt() throws Exception {
        Index written = image(SEGMENT, 0);
        String path =
                repository.journal().stream()
                        .map(MemoryRepository.Step::path)
                        .filter(Layout::isBlock)
                        .findFirst()
                        .orElseThrow();
        ByteBuffer segment = repository.read(path, Segment.MAX_LENGTH);
        int length = segment.remaining();
        repository.put(path, segment.slice(0, length - 1), Kind.BLOCK);
        Index index =
                new NetloopFormat()
                        .open(
                                new Reference(repository.base(), null, written.image().digest()),
                                repository.unverifiedObjects());
        assertThatThrownBy(() -> index.block(0))
                .isInstanceOf(FetchException.Corrupt.class)
                .hasMessageStartingWith("segment 0 of image sha256:")
                .hasMessageEndingWith("has " + (length - 1) + " bytes, not " + length);
    }

    @Test
    void aSegmentThatIsNoneIsCorrupt() throws Exception {
        ByteBuffer good =
                Segment.begin(DigestAlgorithm.SHA256, 0).put((byte) 0).put((byte) 2).putInt(BLOCK);
        digest(1).write(good);
        byte[] bytes = new byte[Segment.finish(good, 2).remaining()];
        good.get(bytes);
        assertThat(Segment.parse("it", ByteBuffer.wrap(bytes), 0, 2 * BLOCK, SPEC)[1].isHole())
                .isFalse();
        record Change(int at, int value, String why) {}
        for (Change change :
                List.of(
                        new Change(0, 0, "magic is"),
                        new Change(4, 2, "version is 2, not 1"),
                        new Change(5, 2, "digest algorithm is 2, not 1"),
                        new Change(7, 3, "count is 3, not 2"),
                        new Change(15, 1, "first block is 1, not 0"),
                        new Change(16, 3, "block at 0 is of kind 3"),
                        new Change(18, 0x80, "is stored in 2147487744 by codec none"),
                        new Change(21, 1, "is stored in 4097 by codec none"))) {
            byte[] bad = bytes.clone();
            bad[change.at()] = (byte) change.value();
            assertThatThrownBy(() -> Segment.parse("it", ByteBuffer.wrap(bad), 0, 2 * BLOCK, SPEC))
                    .isInstanceOf(FetchException.Corrupt.class)
                    .hasMessageStartingWith("it")
                    .hasMessageContaining(change.why());
        }
        ByteBuffer longer = ByteBuffer.allocate(bytes.length + 1).put(bytes).rewind();
        assertThatThrownBy(() -> Segment.parse("it", longer, 0, 2 * BLOCK, SPEC))
                .hasMessage("it: bytes after its last entry is 1, not 0");
        ByteBuffer shorter = ByteBuffer.wrap(bytes, 0, bytes.length - 1);
        assertThatThrownBy(() -> Segment.parse("it", shorter, 0, 2 * BLOCK, SPEC))
                .hasMessage("it ends too early, after " + (bytes.length - 1) + " bytes");
    }
}
