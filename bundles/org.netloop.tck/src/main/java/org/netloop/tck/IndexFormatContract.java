package org.netloop.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.Extent;
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
import org.netloop.tck.MemoryRepository.Read;
import org.netloop.tck.MemoryRepository.Step;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;

/** What every {@link IndexFormat} promises that writes images of blocks of one length. */
public abstract class IndexFormatContract extends RecognitionContract {
    private static final int BLOCK = 64 << 10;
    private static final String CODEC = "zstd";
    private static final long GIB = 1L << 30;
    private static final int READERS = 8;
    private static final int MUTATIONS = 100_000;
    private static final long SEED = 20060719;
    private static final int PLAIN_EVERY = 7;

    private final MemoryRepository repository = new MemoryRepository();
    private final Reference channel = new Reference(repository.base(), null, null);

    /** For JUnit. */
    protected IndexFormatContract() {}

    private static ImageSpec spec(int blockLength, DigestAlgorithm algorithm) {
        return new ImageSpec(blockLength, CODEC, algorithm, null, Map.of());
    }

    private static ImageSpec spec() {
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

    private ImageInfo write(
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
    private List<Block> publish(ImageSpec spec, long size, LongPredicate holes) throws IOException {
        List<Block> written = new ArrayList<>();
        ImageInfo image = write(repository, spec, size, holes, written);
        format().catalog(repository).move(Reference.STANDARD_CHANNEL, image.digest());
        return written;
    }

    private Index open() throws FetchException, InterruptedException {
        return format().open(channel, repository.objects());
    }

    private long bytesRead() {
        return repository.reads().stream().mapToLong(Read::length).sum();
    }

    /** The strong ones, and the format's own where its settings accept that. */
    private List<DigestAlgorithm> accepted() {
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
    void whatIsWrittenIsReadBack() throws Exception {
        for (DigestAlgorithm algorithm : accepted()) {
            long size = 5000L * BLOCK + 1234;
            List<Block> written = publish(spec(BLOCK, algorithm), size, number -> number % 10 < 4);
            Index index = open();
            assertThat(index.image().size()).isEqualTo(size);
            for (Block block : written) {
                assertThat(index.block(block.offset())).isEqualTo(block);
                assertThat(index.block(block.end() - 1)).isEqualTo(block);
            }
        }
    }

    @Test
    void whatThePublisherSaidIsReadBack() throws Exception {
        Digest parent = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        Map<String, String> labels = Map.of("b", "\"quoted\"\n", "a", "Größe 𝄞", "empty", "");
        ImageSpec spec = new ImageSpec(BLOCK, CODEC, DigestAlgorithm.SHA256, parent, labels);
        ImageInfo written = write(repository, spec, BLOCK, _ -> false, new ArrayList<>());
        ImageInfo read =
                format().open(
                                new Reference(repository.base(), null, written.digest()),
                                repository.objects())
                        .image();
        assertThat(read).isEqualTo(written);
        assertThat(read.format()).isEqualTo(format().id());
        assertThat(read.codec()).isEqualTo(CODEC);
        assertThat(read.maxBlockLength()).isEqualTo(BLOCK);
        assertThat(read.parent()).contains(parent);
        assertThat(read.labels()).isEqualTo(labels);
    }

    @Test
    void anImageMayBeEmptyOrOneHole() throws Exception {
        publish(spec(), 0, _ -> false);
        assertThat(open().image().size()).isZero();
        Index empty = open();
        assertThatThrownBy(() -> empty.block(0)).isInstanceOf(IndexOutOfBoundsException.class);
        publish(spec(), GIB + 1, _ -> true);
        assertThat(open().extent(0)).isEqualTo(new Extent(0, GIB + 1, true));
        assertThat(open().image().storedBytes()).isLessThan(1);
    }

    @Test
    void offsetsOutsideOfTheImageAreRefused() throws Exception {
        publish(spec(), 3 * BLOCK + 1, _ -> false);
        Index index = open();
        for (long offset : new long[] {-1, 3 * BLOCK + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> index.block(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> index.blockIfLoaded(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> index.extent(offset))
                    .isInstanceOf(IndexOutOfBoundsException.class);
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
    void theFirstObjectIsRecognisedAndOthersAreNot() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        Digest image = open().image().digest();
        for (Digest digest : new Digest[] {null, image}) {
            String entry = format().entry(new Reference(repository.base(), null, digest));
            ByteBuffer object = repository.read(entry, 1 << 20);
            assertThat(format().recognises(head(object))).as(entry).isTrue();
        }
        assertThat(format().recognises(ByteBuffer.allocate(0))).isFalse();
        assertThat(format().recognises(ByteBuffer.allocate(100))).isFalse();
        assertThat(format().recognises(ByteBuffer.wrap("<!DOCTYPE html>".getBytes()))).isFalse();
    }

    private static ByteBuffer head(ByteBuffer object) {
        return object.slice(0, Math.min(object.limit(), IndexFormat.HEAD_LENGTH))
                .asReadOnlyBuffer();
    }

    @Test
    void aDigestWinsOverAChannel() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        Digest first = open().image().digest();
        publish(spec(), 2 * BLOCK, _ -> false);
        assertThat(open().image().size()).isEqualTo(2 * BLOCK);
        Reference both = new Reference(repository.base(), Reference.STANDARD_CHANNEL, first);
        assertThat(format().open(both, repository.objects()).image().size()).isEqualTo(BLOCK);
    }

    @Test
    void whatIsNotThereIsMissing() {
        Digest digest = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        for (Reference reference :
                List.of(
                        channel,
                        new Reference(repository.base(), "other", null),
                        new Reference(repository.base(), null, digest))) {
            assertThatThrownBy(() -> format().open(reference, repository.objects()))
                    .isInstanceOf(FetchException.Missing.class);
        }
    }

    @Test
    void aHugeImageOpensAtOnce() throws Exception {
        ImageSpec spec = spec(ImageSpec.MAX_BLOCK_LENGTH, DigestAlgorithm.SHA256);
        publish(spec, 1024 * GIB, number -> number % 5000 != 7);
        repository.forgetReads();
        Index index = open();
        assertThat(bytesRead()).isLessThan(64 << 10);
        index.block(512 * GIB);
        index.extent(700 * GIB);
        assertThat(bytesRead()).isLessThan(1 << 20);
    }

    @Test
    void aDistantReadFetchesOnePartAndOnlyOnce() throws Exception {
        publish(spec(), GIB, _ -> false);
        Index index = open();
        repository.forgetReads();
        assertThat(index.blockIfLoaded(GIB / 2)).isNull();
        Block block = index.block(GIB / 2);
        assertThat(repository.reads()).hasSize(1);
        assertThat(index.blockIfLoaded(GIB / 2)).isEqualTo(block);
        assertThat(index.block(GIB / 2)).isEqualTo(block);
        index.extent(GIB / 2);
        assertThat(repository.reads()).hasSize(1);
    }

    @Test
    void readersOfOnePartJoinOneRead() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        AtomicBoolean opened = new AtomicBoolean();
        CountDownLatch release = new CountDownLatch(1);
        Index index =
                format().open(channel, repository.objects(_ -> holdIf(opened.get(), release)));
        repository.forgetReads();
        opened.set(true);
        List<FutureTask<Block>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            FutureTask<Block> reader = new FutureTask<>(() -> index.block(0));
            readers.add(reader);
            awaitWaiting(Thread.ofPlatform().start(reader));
        }
        release.countDown();
        for (FutureTask<Block> reader : readers) {
            assertThat(reader.get(10, TimeUnit.SECONDS).isHole()).isFalse();
        }
        assertThat(repository.reads()).hasSize(1);
    }

    private static void holdIf(boolean opened, CountDownLatch release) throws InterruptedException {
        if (opened && !release.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody released the read");
        }
    }

    private static void awaitWaiting(Thread thread) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void whoIsInterruptedLeavesAndTheOthersStay() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        AtomicBoolean opened = new AtomicBoolean();
        CountDownLatch release = new CountDownLatch(1);
        Index index =
                format().open(channel, repository.objects(_ -> holdIf(opened.get(), release)));
        opened.set(true);
        FutureTask<Block> leaves = new FutureTask<>(() -> index.block(0));
        FutureTask<Block> stays = new FutureTask<>(() -> index.block(0));
        Thread interrupted = Thread.ofPlatform().start(leaves);
        awaitWaiting(interrupted);
        awaitWaiting(Thread.ofPlatform().start(stays));
        interrupted.interrupt();
        assertThatThrownBy(() -> leaves.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        release.countDown();
        assertThat(stays.get(10, TimeUnit.SECONDS).isHole()).isFalse();
    }

    @Test
    void aFailureIsNotRemembered() throws Exception {
        publish(spec(), BLOCK, _ -> false);
        AtomicBoolean down = new AtomicBoolean();
        Index index =
                format().open(
                                channel,
                                repository.objects(
                                        path -> {
                                            if (down.get()) {
                                                throw new FetchException.Unavailable(path, null);
                                            }
                                        }));
        down.set(true);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> index.block(0)).isInstanceOf(FetchException.Unavailable.class);
            assertThat(index.blockIfLoaded(0)).isNull();
        }
        down.set(false);
        assertThat(index.block(0).isHole()).isFalse();
    }

    @Test
    void extentsAgreeWithTheBlocks() throws Exception {
        long size = 9000L * BLOCK - 5;
        Random random = new Random(SEED);
        boolean[] holes = new boolean[9000];
        for (int i = 0; i < holes.length; i++) {
            holes[i] =
                    i > 2000 && i < 7000
                            || (i > 0 && random.nextInt(8) > 0 && holes[i - 1])
                            || random.nextInt(8) == 0;
        }
        publish(spec(), size, number -> holes[(int) number]);
        Index index = open();
        long offset = 0;
        while (offset < size) {
            Extent extent = index.extent(offset);
            assertThat(extent.offset()).isEqualTo(offset);
            assertThat(extent.end()).isLessThanOrEqualTo(size);
            for (long at = offset; at < extent.end(); at += BLOCK) {
                assertThat(holes[(int) (at / BLOCK)]).isEqualTo(extent.hole());
            }
            long inside = offset + extent.length() / 2;
            assertThat(index.extent(inside))
                    .isEqualTo(new Extent(inside, extent.end() - inside, extent.hole()));
            offset = extent.end();
        }
        assertThat(offset).isEqualTo(size);
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

    /** Each object that an index reads, mutated by a hostile publisher whose digests match. */
    @Test
    void hostileObjectsAreRefusedOrReadWithinBounds() throws Exception {
        Map<String, String> labels = Map.of("name", "value");
        Digest parent = Digest.of(DigestAlgorithm.SHA256, ByteBuffer.allocate(1));
        publish(
                new ImageSpec(BLOCK, CODEC, DigestAlgorithm.SHA256, parent, labels),
                24 * BLOCK,
                number -> number % 3 == 1);
        repository.forgetReads();
        open().block(0);
        List<String> paths = repository.reads().stream().map(Read::path).distinct().toList();
        assertThat(paths).isNotEmpty();
        for (String path : paths) {
            byte[] original = bytes(path);
            for (int seed = 0; seed < MUTATIONS; seed++) {
                byte[] hostile = Mutations.of(original, new Random(SEED + seed));
                repository.put(path, ByteBuffer.wrap(hostile), Repository.Kind.BLOCK);
                tryToRead(path, seed, hostile);
            }
            repository.put(path, ByteBuffer.wrap(original), Repository.Kind.BLOCK);
        }
    }

    private byte[] bytes(String path) throws FetchException {
        ByteBuffer object = repository.read(path, 1 << 20);
        byte[] bytes = new byte[object.remaining()];
        object.get(bytes);
        return bytes;
    }

    private void tryToRead(String path, int seed, byte[] hostile) {
        try {
            Index index = format().open(channel, repository.unverifiedObjects());
            long size = index.image().size();
            for (long offset : size == 0 ? new long[0] : new long[] {0, size - 1}) {
                Block block = index.block(offset);
                assertThat(block.offset()).isLessThanOrEqualTo(offset);
                assertThat(block.end()).isGreaterThan(offset).isLessThanOrEqualTo(size);
                assertThat(index.extent(offset).end()).isLessThanOrEqualTo(size);
            }
        } catch (FetchException _) {
            // The expected end of most of them.
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            fail(path + " of seed " + seed + ": " + HexFormat.of().formatHex(hostile), e);
        } finally {
            repository.forgetReads();
        }
    }
}
