package org.netloop.publish;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.netloop.api.block.Block;
import org.netloop.api.block.Digest;
import org.netloop.api.block.DigestAlgorithm;
import org.netloop.api.block.StoredBlock;
import org.netloop.api.publish.Published;
import org.netloop.api.publish.Publisher.Progress;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Tests the result of publishing. */
@Timeout(60)
class ImagePublisherTest {
    @TempDir Path directory;

    private Bench bench;

    @BeforeEach
    void setUp() {
        bench = new Bench(directory.resolve("state"));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("image"), bytes);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "1,0", "1,4095", "63,0", "64,0", "65,17", "300,4000"})
    void whatIsPublishedIsReadBack(int blocks, int tail) throws Exception {
        byte[] image = Bench.image(blocks, blocks, tail);
        Published fromFile = bench.publish(file(image));
        Published fromStream = bench.publish(new ByteArrayInputStream(image));
        assertThat(bench.read(fromFile)).isEqualTo(ByteBuffer.wrap(image));
        assertThat(fromStream.image()).isEqualTo(fromFile.image());
    }

    @ParameterizedTest
    @EnumSource(DigestAlgorithm.class)
    void blocksAreNamedByAnyAlgorithm(DigestAlgorithm algorithm) throws Exception {
        byte[] image = Bench.image(3, 50, 100);
        Published published =
                bench.publisher()
                        .publish(
                                new ByteArrayInputStream(image),
                                bench.spec("fake", algorithm),
                                _ -> {});
        assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(image));
    }

    @Test
    void withoutACodecAllBlocksAreStoredAsTheyAre() throws Exception {
        byte[] image = Bench.image(3, 50, 100);
        Published published =
                bench.publisher()
                        .publish(
                                file(image),
                                bench.spec(StoredBlock.PLAIN, DigestAlgorithm.SHA256),
                                _ -> {});
        assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(image));
        assertThat(bench.codec.encodings).hasValue(0);
    }

    @Test
    void blocksThatDoNotShrinkAreStoredAsTheyAre() throws Exception {
        byte[] noise = new byte[Bench.BLOCK];
        new Random(1).nextBytes(noise);
        Published published = bench.publish(file(noise));
        StoredBlock stored =
                bench.format.blocks(published.image()).getFirst().stored().orElseThrow();
        assertThat(stored.codec()).isEqualTo(StoredBlock.PLAIN);
        assertThat(stored.key())
                .isEqualTo(Digest.of(DigestAlgorithm.SHA256, ByteBuffer.wrap(noise)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DigestAlgorithm.class,
            names = {"SHA256", "SHA512_256"})
    void chunksAreNamedByTheirPlainBytesAndZerosAreNoHoles(DigestAlgorithm algorithm)
            throws Exception {
        bench.format.chunks = true;
        byte[] image = new byte[4 * Bench.BLOCK + 100];
        byte[] noise = new byte[Bench.BLOCK];
        new Random(1).nextBytes(noise);
        System.arraycopy(noise, 0, image, Bench.BLOCK, noise.length);
        System.arraycopy(noise, 0, image, 3 * Bench.BLOCK, noise.length);
        Published published =
                bench.publisher().publish(file(image), bench.spec("fake", algorithm), _ -> {});
        assertThat(bench.read(published)).isEqualTo(ByteBuffer.wrap(image));
        assertThat(published.blocks()).isEqualTo(5);
        assertThat(published.distinctBlocks()).isEqualTo(3);
        for (Block block : bench.format.blocks(published.image())) {
            ByteBuffer plain = ByteBuffer.wrap(image, (int) block.offset(), block.length());
            assertThat(block.stored().orElseThrow().plain())
                    .contains(Digest.of(algorithm, plain.slice()));
        }
        Published again =
                bench.publisher().publish(file(image), bench.spec("fake", algorithm), _ -> {});
        assertThat(again.newBlocks()).isZero();
    }

    @Test
    void equalBlocksAreEncodedAndStoredOnce() throws Exception {
        byte[] image = new byte[1000 * Bench.BLOCK];
        Arrays.fill(image, (byte) 'x');
        Published published = bench.publish(file(image));
        assertThat(published.blocks()).isEqualTo(1000);
        assertThat(published.distinctBlocks()).isEqualTo(1);
        assertThat(published.newBlocks()).isEqualTo(1);
        assertThat(bench.codec.encodings).hasValue(1 + 1); // and the fingerprint's sample
        assertThat(bench.repository.list("blocks/")).hasSize(1);
    }

    @Test
    void zerosAreHolesAndStoredNowhere() throws Exception {
        Published published =
                bench.publish(new ByteArrayInputStream(new byte[10 * Bench.BLOCK + 5]));
        assertThat(published.holeBytes()).isEqualTo(10 * Bench.BLOCK + 5);
        assertThat(published.blocks()).isZero();
        assertThat(bench.repository.list("blocks/")).isEmpty();
        assertThat(bench.format.blocks(published.image())).hasSize(11).allMatch(Block::isHole);
    }

    @Test
    void holesOfAFileAreSkippedWithoutReadingThem() throws Exception {
        bench.format.keepsBlocks = false;
        bench.blockLength = 1 << 20;
        Path image = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((1L << 40) + 5);
            file.seek(512L << 30);
            file.write(7);
            file.seek((700L << 30) - 3);
            file.write(new byte[] {1, 2, 3, 4, 5, 6});
        }
        long begin = System.nanoTime();
        Published published = bench.publish(image);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(50));
        assertThat(published.image().size()).isEqualTo((1L << 40) + 5);
        assertThat(published.blocks()).isEqualTo(3);
        assertThat(published.holeBytes()).isEqualTo((1L << 40) + 5 - 3 * (1L << 20));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sparseFilesAreReadBack(long seed) throws Exception {
        Random random = new Random(seed);
        byte[] plain = new byte[3_000_000 + random.nextInt(5000)];
        Path image = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(plain.length);
            for (int i = 0; i < 10; i++) {
                byte[] data = new byte[1 + random.nextInt(30_000)];
                random.nextBytes(data);
                int at = random.nextInt(plain.length - data.length);
                System.arraycopy(data, 0, plain, at, data.length);
                file.seek(at);
                file.write(data);
            }
        }
        assertThat(bench.publish(image).holeBytes()).isPositive();
        bench.blockLength = 16 << 10;
        assertThat(bench.read(bench.publish(image))).isEqualTo(ByteBuffer.wrap(plain));
    }

    @Test
    void theSameImageGetsTheSameDigestWhateverTheThreadsDo() throws Exception {
        byte[] image = Bench.image(11, 3000, 77);
        Set<Published> results = new HashSet<>();
        for (int workers : new int[] {1, 2, 3, 8, 31}) {
            Bench fresh = new Bench(directory.resolve("state" + workers));
            fresh.settings = fresh.settings(workers, Duration.ofMillis(10));
            results.add(withoutTime(fresh.publish(file(image))));
        }
        assertThat(results).hasSize(1);
    }

    private static Published withoutTime(Published it) {
        return new Published(
                it.image(),
                it.holeBytes(),
                it.blocks(),
                it.distinctBlocks(),
                it.newBlocks(),
                it.storedBytes(),
                it.newBytes(),
                Duration.ZERO,
                it.takenOver());
    }

    @Test
    void aTableThatForgetsChangesNothingButTime() throws Exception {
        byte[] image = Bench.image(12, 2000, 1);
        Published all = bench.publish(file(image));
        Bench forgetful = new Bench(directory.resolve("other"));
        forgetful.settings = new Settings(2, 1, 2, directory.resolve("other"), Duration.ofHours(1));
        assertThat(forgetful.publish(file(image)).image()).isEqualTo(all.image());
        assertThat(forgetful.repository.objects.keySet())
                .isEqualTo(bench.repository.objects.keySet());
    }

    @Test
    void aSecondImageStoresOnlyWhatChanged() throws Exception {
        byte[] image = Bench.image(13, 1000, 0);
        Published first = bench.publish(file(image));
        byte[] changed = image.clone();
        for (int i = 0; i < 10; i++) {
            Arrays.fill(
                    changed, i * 100 * Bench.BLOCK, i * 100 * Bench.BLOCK + 50, (byte) ('A' + i));
        }
        int encodings = bench.codec.encodings.get();
        int puts = bench.repository.puts.get();
        Published second = bench.publish(file(changed));
        assertThat(first.newBlocks()).isEqualTo(first.distinctBlocks());
        assertThat(second.newBlocks()).isEqualTo(10);
        assertThat(bench.codec.encodings.get() - encodings).isEqualTo(10 + 1);
        assertThat(bench.repository.puts.get() - puts).isEqualTo(10 + 1); // and the manifest
        assertThat(bench.read(second)).isEqualTo(ByteBuffer.wrap(changed));
    }

    @Test
    void theChannelPointsToTheImage() throws Exception {
        bench.channel = "stable";
        Published published = bench.publish(file(Bench.image(1, 3, 0)));
        assertThat(bench.format.channels)
                .containsOnlyKeys("stable")
                .containsValue(published.image().digest());
    }

    @Test
    void aStreamIsReadOnlySoFarAheadAsThereAreBuffers() throws Exception {
        bench.settings =
                new Settings(2, 1 << 20, 1000, directory.resolve("state"), Duration.ofHours(1));
        AtomicInteger read = new AtomicInteger();
        ByteArrayInputStream stream =
                new ByteArrayInputStream(Bench.image(15, 4000, 0)) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        int count = super.read(bytes, offset, length);
                        read.addAndGet(Math.max(0, count));
                        return count;
                    }
                };
        List<Integer> ahead = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        bench.repository.onPut =
                _ -> {
                    synchronized (ahead) {
                        ahead.add(read.get() - done.get());
                    }
                };
        bench.publisher()
                .publish(stream, bench.spec(), progress -> done.set((int) progress.done()));
        // Three chunks of 256 KiB with room to encode, and three portions of the stream.
        assertThat(read.get()).isGreaterThan(15 << 20);
        assertThat(firstPuts(ahead)).allMatch(bytes -> bytes <= 7 * (256 << 10));
    }

    /**
     * Returns the first puts; before the first progress report, everything read counts as ahead.
     */
    private static List<Integer> firstPuts(List<Integer> ahead) {
        return IntStream.range(0, 20).mapToObj(ahead::get).toList();
    }

    @Test
    void progressRisesToTheEnd() throws Exception {
        byte[] image = Bench.image(16, 2000, 9);
        List<Progress> told = new ArrayList<>();
        Published published = bench.publisher().publish(file(image), bench.spec(), told::add);
        assertThat(told).isSortedAccordingTo((a, b) -> Long.compare(a.done(), b.done()));
        assertThat(told.getLast())
                .isEqualTo(new Progress(image.length, image.length, published.storedBytes()));
    }
}
