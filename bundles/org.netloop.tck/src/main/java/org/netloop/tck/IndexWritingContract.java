package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.index.ImageInfo;
import org.netloop.api.index.ImageSpec;
import org.netloop.api.index.Index;
import org.netloop.api.index.IndexFormat;
import org.netloop.api.index.IndexWriter;
import org.netloop.api.index.Reference;
import org.netloop.api.transport.FetchException;
import org.netloop.api.transport.Repository;
import org.netloop.tck.MemoryRepository.Action;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** Obligations of every {@link IndexFormat} when it writes an image. */
public abstract class IndexWritingContract extends RecognitionContract {
    static final int BLOCK = 64 << 10;
    static final String CODEC = "zstd";
    static final long GIB = 1L << 30;
    private static final int PLAIN_EVERY = 7;

    final MemoryRepository repository = new MemoryRepository();
    final Reference channel = new Reference(repository.base(), null, null);

    /** Created by JUnit. */
    protected IndexWritingContract() {}

    static ImageSpec spec(int blockLength, DigestAlgorithm algorithm) {
        return new ImageSpec(blockLength, CODEC, algorithm, null, Map.of());
    }

    static ImageSpec spec() {
        return spec(BLOCK, DigestAlgorithm.SHA256);
    }

    private static Block block(
            IndexWriter writer, ImageSpec spec, long number, long size, boolean hole) {
        long offset = number * spec.blockLength();
        int length = (int) Math.min(spec.blockLength(), size - offset);
        if (hole) {
            return new Block(offset, length, null);
        }
        boolean plain = number % PLAIN_EVERY == 0;
        Digest digest = Digest.of(spec.digest(), ByteBuffer.allocate(8).putLong(0, number));
        return new Block(
                offset,
                length,
                writer.locate(
                        digest,
                        plain ? length : 1 + length / 3,
                        plain ? StoredBlock.PLAIN : CODEC));
    }

    final ImageInfo write(
            Repository into, ImageSpec spec, long size, LongPredicate holes, List<Block> written)
            throws IOException {
        try (IndexWriter writer = format().write(into, spec)) {
            for (long number = 0; number * spec.blockLength() < size; number++) {
                Block block = block(writer, spec, number, size, holes.test(number));
                writer.append(block);
                written.add(block);
            }
            return writer.finish(size);
        }
    }

    /** Writes an image and points the standard channel to it. */
    final List<Block> publish(ImageSpec spec, long size, LongPredicate holes) throws IOException {
        List<Block> written = new ArrayList<>();
        ImageInfo image = write(repository, spec, size, holes, written);
        format().catalog(repository).move(Reference.STANDARD_CHANNEL, image.digest());
        return written;
    }

    final Index open() throws FetchException, InterruptedException {
        return format().open(channel, repository.objects());
    }

    /**
     * Returns the digest algorithms to test: the strong ones, and the format's own where its
     * settings accept that.
     */
    final List<DigestAlgorithm> accepted() {
        DigestAlgorithm own = format().defaults().digest();
        return Arrays.stream(DigestAlgorithm.values())
                .filter(algorithm -> algorithm.resistsCollisions() || algorithm == own)
                .toList();
    }

    @Test
    void aWeakDigestThatIsNotTheFormatsOwnIsRefused() {
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            if (!accepted().contains(algorithm)) {
                assertThatThrownBy(() -> publish(spec(BLOCK, algorithm), BLOCK, _ -> false))
                        .isInstanceOf(FetchException.Unsupported.class)
                        .hasMessageContaining(algorithm.id());
            }
        }
    }

    @Test
    void equalContentGetsEqualObjects() throws Exception {
        Map<String, String> labels = Map.of("a", "1", "b", "2", "c", "3", "d", "4");
        ImageSpec spec = new ImageSpec(BLOCK, CODEC, DigestAlgorithm.SHA256, null, labels);
        MemoryRepository other = new MemoryRepository();
        LongPredicate holes = number -> number % 3 == 0;
        ImageInfo first = write(repository, spec, GIB, holes, new ArrayList<>());
        ImageInfo second = write(other, spec, GIB, holes, new ArrayList<>());
        assertThat(second).isEqualTo(first);
        List<String> paths = repository.list("").map(Repository.Entry::path).toList();
        assertThat(other.list("").map(Repository.Entry::path)).isEqualTo(paths).isNotEmpty();
        for (String path : paths) {
            assertThat(other.read(path, 1 << 20)).isEqualTo(repository.read(path, 1 << 20));
        }
    }

    @Test
    void blocksThatDoNotFollowEachOtherAreRefused() throws Exception {
        ImageSpec spec = spec();
        try (IndexWriter writer = format().write(repository, spec)) {
            writer.append(new Block(0, BLOCK, null));
            for (Block wrong :
                    List.of(
                            new Block(0, BLOCK, null),
                            new Block(2 * BLOCK, BLOCK, null),
                            new Block(BLOCK, BLOCK + 1, null))) {
                assertThatIllegalArgumentException().isThrownBy(() -> writer.append(wrong));
            }
            writer.append(new Block(BLOCK, 1, null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.append(new Block(BLOCK + 1, BLOCK, null)));
            assertThatIllegalArgumentException().isThrownBy(() -> writer.finish(BLOCK));
        }
        assertThat(format().catalog(repository).images()).isEmpty();
    }

    @Test
    void theRootIsPutWhenAllElseIsDurable() throws Exception {
        write(repository, spec(), GIB, _ -> false, new ArrayList<>());
        List<Step> journal = repository.journal();
        int last = journal.size() - 1;
        assertThat(journal.get(last).action()).isEqualTo(Action.SYNC);
        assertThat(journal.get(last - 1).action()).isEqualTo(Action.PUT);
        assertThat(journal.get(last - 2).action()).isEqualTo(Action.SYNC);
        assertThat(journal.subList(0, last - 2))
                .allMatch(step -> step.action() == Action.PUT)
                .hasSizeGreaterThan(1);
    }

    @Test
    void anIndexThatCouldNotBeWrittenLeavesNoImage() throws Exception {
        write(repository, spec(), GIB, _ -> false, new ArrayList<>());
        int puts =
                (int) repository.journal().stream().filter(s -> s.action() == Action.PUT).count();
        for (int taken = 0; taken < puts; taken++) {
            MemoryRepository full = new MemoryRepository();
            full.takeOnly(taken);
            assertThatThrownBy(() -> write(full, spec(), GIB, _ -> false, new ArrayList<>()))
                    .isInstanceOf(IOException.class);
            assertThat(format().catalog(full).images()).isEmpty();
        }
    }
}
